using GenCluster.Core.Trials;

namespace GenCluster.Cli.Watching;

/// <summary>Which of a trial's training-time values to show where room is scarce.</summary>
internal static class LossChoice
{
    private const int Most = 2;
    private const string Ending = ".loss";

    /// <summary>The losses of the first phases, by the phase's name; where nothing is called a loss, whatever comes first.</summary>
    public static IReadOnlyList<Metric> Of(IReadOnlyList<Metric> values)
    {
        Metric[] losses = [.. values.Where(IsLoss).Select(v => v with { Name = Phase(v.Name) })];
        return [.. (losses.Length > 0 ? losses : values).Take(Most)];
    }

    private static bool IsLoss(Metric value) => value.Name == "loss" || value.Name.EndsWith(Ending, StringComparison.Ordinal);

    private static string Phase(string name) => name.EndsWith(Ending, StringComparison.Ordinal) ? name[..^Ending.Length] : name;
}
