using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Sections;

/// <summary>The section <c>resources</c>.</summary>
internal static class ResourcesSection
{
    private const int MaxWorkers = 1024;

    private static readonly IntegerKey Workers = new("workers", 1, MaxWorkers, "Workers of a trial, a number or {min, max}.") { Default = 1 };
    private static readonly IntegerKey Min = new("min", 1, MaxWorkers, "A trial waits until it can have as many.") { Default = 1 };
    private static readonly IntegerKey Max = new("max", 1, MaxWorkers, "A trial never has more; default: as min.");
    private static readonly TextKey Device =
        new("device", "Where tensors live; auto takes a GPU when there is one.") { Choices = ["auto", "cpu", "cuda"], Default = "auto" };
    private static readonly MapKey WorkerRange = new("workers", Workers.Meaning, new SectionSchema(Min, Max));

    private static readonly TextKey RebalanceKey =
        new("rebalance", "Whether shards move from slow workers to fast ones of a trial.") { Choices = ["none", "auto"], Default = "none" };

    private static readonly TextKey TransportKey =
        new("transport", "How workers of a trial talk; auto takes shared memory on one host and TCP between hosts.")
        {
            Choices = ["auto", "shared-memory", "unix", "tcp"],
            Default = "auto",
        };

    public static readonly SectionSchema Schema = new([Workers with { Or = WorkerRange }, Device, RebalanceKey, TransportKey, .. PlacementKeys.All]);

    /// <summary>How many workers a program's gang has: as few as it may.</summary>
    public static int SmallestGang(Section section) => section.Find(Workers) is MapNode { } map
        ? (map.Find(Min.Name) as ScalarNode)?.Value is { Kind: Core.Parameters.ParameterKind.Integer } min ? (int)Math.Clamp(min.Integer, 1, MaxWorkers) : 1
        : (section.Find(Workers) as ScalarNode)?.Value is { Kind: Core.Parameters.ParameterKind.Integer } number ? (int)Math.Clamp(number.Integer, 1, MaxWorkers) : 1;

    /// <param name="trainingSection">Where <paramref name="training"/> was read: to blame it for what the device cannot do.</param>
    public static ResourceSpec Read(Section section, TrainingSpec training, Section trainingSection, bool isProgram)
    {
        var (min, max) = section.Find(Workers) is MapNode ? ReadRange(section.Child(WorkerRange)) : ReadNumber(section);
        if (!isProgram && training.Shards > 0 && max > training.Shards)
        {
            section.Error(DiagnosticCodes.TooManyWorkers, Workers,
                $"up to {max} workers, but training.shards is {training.Shards} and each worker needs a shard of its own; "
                + $"use at most {training.Shards} workers, or at least {max} shards");
        }

        string device = section.Text(Device) ?? "";
        if (training.Precision is Precision.Bf16 && device is "cpu")
        {
            trainingSection.Error(DiagnosticCodes.PrecisionNeedsCuda, TrainingSection.Precision,
                "got bf16, but resources.device is cpu, and only GPUs compute in it; write float32, or device: cuda");
        }

        var (priority, project, minRuntime, memory, share) = PlacementKeys.Read(section);
        return new ResourceSpec(min, max, device, ReadRebalance(section), ReadTransport(section), priority, project, minRuntime, memory, share);
    }

    private static Rebalance ReadRebalance(Section section) => section.Text(RebalanceKey) is "auto" ? Rebalance.Auto : Rebalance.None;

    private static Transport ReadTransport(Section section) => section.Text(TransportKey) switch
    {
        "shared-memory" => Transport.SharedMemory,
        "unix" => Transport.Unix,
        "tcp" => Transport.Tcp,
        _ => Transport.Auto,
    };

    private static (int Min, int Max) ReadNumber(Section section)
    {
        int workers = (int)section.Integer(Workers);
        return (workers, workers);
    }

    private static (int Min, int Max) ReadRange(Section range)
    {
        int min = (int)range.Integer(Min);
        int max = (int)range.Integer(Max, otherwise: min);
        if (max > 0 && min > max)
            range.Error(DiagnosticCodes.ImpossibleRange, Min, $"got {min}, which is above max ({max}); swap the two");
        return (min, max);
    }
}
