using System.Globalization;
using System.Text;
using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Tests.Importers;

/// <summary>What matters of an imported sweep, as a text to compare.</summary>
internal static class Told
{
    public static string Of(SweepSpec spec)
    {
        var text = new StringBuilder();
        Line($"name        {spec.Name}");
        foreach (var objective in spec.Comparison.Others.Prepend(spec.Objective))
            Line($"objective   {objective.Goal} {objective.Metric}{(objective.Target is { } target ? $", target {ParameterValue.Of(target)}" : "")}");
        Line($"search      {spec.Search.Algorithm} {spec.Search.Options}: {spec.Search.MaxTrials} trials, {spec.Search.ParallelTrials} at a time, seed {spec.Training.Seed}");
        foreach (var seed in spec.Search.SeedTrials)
            Line($"first       {seed}");
        if (spec.EarlyStopping is { } stop)
            Line($"stopping    {stop.Type} {stop.Options}, {(spec.Training.Steps == CommandSpec.NoEnd ? "until it ends" : $"{spec.Training.Steps} steps")}");
        Line($"budget      {spec.Budget.MaxFailedTrials} failures, {spec.Budget.MaxRestarts} restarts, {spec.Budget.WallClockSeconds} s, plateau {spec.Budget.PlateauTrials}");
        Line($"resources   {spec.Resources.MinWorkers} to {spec.Resources.MaxWorkers} on {spec.Resources.Device}");
        if (spec.Trainable.Command is { } command)
        {
            Line($"command     {string.Join(" | ", command.Arguments)}");
            Line($"            program {command.Program}, metrics {command.Metrics} {command.MetricsPath}, environment {string.Join(' ', (command.Environment ?? []).Select(v => $"{v.Name}={v.Value}"))}");
        }

        foreach (var parameter in spec.Parameters.Parameters)
            Line($"parameter   {parameter.Path}: {Kind(parameter.Distribution)} {parameter.Distribution.Describe()}{(parameter.When is { } when ? $" when {when}" : "")}");
        return text.ToString();

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    private static string Kind(Distribution distribution) => distribution switch
    {
        Quantized quantized => $"{(quantized.Integers ? "integers" : "numbers")} {quantized.Inner.GetType().Name} from {ParameterValue.Of(quantized.Origin)}",
        Categorical choice => $"{string.Join(' ', choice.Values.Select(v => v.Kind))} {(choice.Probabilities is { } p ? $"({string.Join(' ', p.Select(w => ParameterValue.Of(w)))})" : "")}",
        Constant constant => $"{constant.Value.Kind}",
        _ => distribution.GetType().Name,
    };
}
