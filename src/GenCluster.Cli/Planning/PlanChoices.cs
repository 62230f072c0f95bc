using System.Globalization;
using GenCluster.Cli.Watching;
using GenCluster.Core.Placement;
using GenCluster.Core.Sweeps;

namespace GenCluster.Cli.Planning;

/// <summary>How trials are computed and how their workers talk, in words: only what a file has changed.</summary>
internal static class PlanChoices
{
    public static IEnumerable<string> Of(SweepSpec spec)
    {
        var (training, resources) = (spec.Training, spec.Resources);
        if (training.ClipNorm is { } norm)
            yield return $"gradients clipped at norm {Number(norm)}";
        if (training.Precision is Precision.Bf16)
            yield return "bf16, on CUDA only; not exact";
        if (training.Compression is { } compression)
            yield return $"gradients encoded as {Name(compression)} in every sum";
        if (training.Diloco is { } diloco)
            yield return $"workers train alone for {diloco.LocalSteps} steps at a time; {Outer(diloco)}";
        if (training.Overlap is not Overlap.Auto)
            yield return $"gradients {(training.Overlap is Overlap.On ? "travel" : "do not travel")} during the backward pass";
        if (resources.Rebalance is Rebalance.Auto)
            yield return "shards move from slow workers to fast ones";
        if (resources.Transport is not Transport.Auto)
            yield return $"workers talk over {Name(resources.Transport)} only";
        if (resources.Priority != 0)
            yield return $"priority {resources.Priority}{(resources.Priority > 0 ? ": before others, and in their place if need be" : ": after others")}";
        if (resources.Project != ProjectRules.DefaultProject)
            yield return $"with the quota and the share of project {resources.Project}";
        if (resources.MinRuntimeSeconds > 0)
            yield return $"runs for {Numbers.Duration(TimeSpan.FromSeconds(resources.MinRuntimeSeconds))} before a higher priority may take its place";
        if (resources.Memory > 0)
            yield return $"each worker needs {ByteSize.Text(resources.Memory)} of its device{(resources.ShareDevice ? ", and leaves the rest to others" : "")}";
    }

    private static string Name(CompressionSpec compression) => compression.Code switch
    {
        Compression.TopK => $"top-k, the largest {Number(100 * compression.Ratio)} % of each block,",
        Compression.Int8 => "int8",
        _ => "bf16",
    };

    private static string Outer(DilocoSpec diloco) => diloco is { OuterLearningRate: 1, OuterMomentum: 0 }
        ? "their weights are averaged"
        : $"their changes are averaged and applied with learning rate {Number(diloco.OuterLearningRate)} and momentum {Number(diloco.OuterMomentum)}";

    private static string Name(Transport transport) => transport switch
    {
        Transport.SharedMemory => "shared memory",
        Transport.Unix => "Unix sockets",
        _ => "TCP",
    };

    private static string Number(double value) => Math.Round(value, 9).ToString("R", CultureInfo.InvariantCulture);
}
