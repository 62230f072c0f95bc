using System.Globalization;
using GenCluster.Cli.Leaderboards;
using GenCluster.Cli.Watching;
using GenCluster.Core.Sweeps;
using GenCluster.Search.Analysis;

namespace GenCluster.Cli.Submission;

/// <summary>What the trials of a sweep tell, for people.</summary>
internal static class AnalysisText
{
    private const int BarWidth = 30;
    private const int SparkWidth = 40;
    private const int MostBars = 12;
    private const double LeastInteraction = 0.02;
    private const string Sparks = "▁▂▃▄▅▆▇█";

    public static void Write(SweepAnalysis analysis, TextWriter output)
    {
        if (analysis.Objectives.Count > 1)
            WriteTrials($"Pareto front of {Named(analysis.Objectives)}", analysis.Front, analysis, output);
        else if (analysis.Best.Count > 1)
            WriteTrials($"best by {Named(analysis.Objectives)}", analysis.Best, analysis, output);
        foreach (var importance in analysis.Importance)
            WriteImportance(importance, output);
        WriteExpected(analysis, output);
    }

    private static string Named(IEnumerable<AnalysedObjective> objectives) =>
        string.Join(" and ", objectives.Select(o => $"{o.Metric} ({(o.Goal == nameof(Goal.Minimize) ? "lower" : "higher")} is better)"));

    private static void WriteTrials(string title, IReadOnlyList<TrialStanding> trials, SweepAnalysis analysis, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine(title);
        string[] paths = [.. analysis.ParallelCoordinates.Axes.Select(a => a.Path)];
        var names = ParameterNames.Shorten(paths);
        TextTable.Write(
            output,
            [new("  trial", Right: true), .. analysis.Objectives.Select(o => new TextColumn(o.Metric, Right: true)), .. paths.Select(p => new TextColumn(names[p].Replace('.', '\n'), Right: true))],
            [.. trials.Select(t => (IReadOnlyList<string>)
            [
                t.Trial.ToString(CultureInfo.InvariantCulture), .. t.Values.Select(v => Numbers.Significant(v, 5)),
                .. paths.Select(p => t.Parameters.Find(p) is { } value ? ParameterText.Show(value) : "-"),
            ])]);
    }

    private static void WriteImportance(Importance importance, TextWriter output)
    {
        output.WriteLine();
        if (importance.Silence is { } silence)
        {
            output.WriteLine($"importance for {importance.Metric}: cannot be told: {silence}");
            return;
        }

        output.WriteLine($"importance for {importance.Metric}: part of its variance over the search space, from {Words.Count(importance.Trials, "trial")} (fANOVA on a random forest)");
        (string Name, double Share)[] bars =
        [
            .. importance.Parameters.Select(p => (p.Path, p.Share)),
            .. importance.Interactions.Where(i => i.Share >= LeastInteraction).Select(i => ($"{i.First} with {i.Second}", i.Share)),
        ];
        TextTable.Write(
            output,
            [new(""), new(""), new("", Right: true)],
            [.. bars.OrderByDescending(b => b.Share).Take(MostBars).Select(b => (IReadOnlyList<string>)
                [$"  {b.Name}", Bar(b.Share), string.Create(CultureInfo.InvariantCulture, $"{100 * b.Share:0}%")])],
            titles: false);
    }

    private static string Bar(double share) => new('█', (int)Math.Round(Math.Clamp(share, 0, 1) * BarWidth));

    private static void WriteExpected(SweepAnalysis analysis, TextWriter output)
    {
        if (analysis.ExpectedBest is not { Count: > 1 } curve)
            return;
        output.WriteLine();
        var marks = new[] { curve[0], curve[curve.Count / 2], curve[^1] }.DistinctBy(p => p.Trials)
            .Select(p => $"{Numbers.Significant(p.Mean, 4)} after {p.Trials}");
        output.WriteLine($"expected best {analysis.Objectives[0].Metric} of a random search by its number of trials: {string.Join(", ", marks)}");
        output.WriteLine($"  {Sparkline([.. curve.Select(p => p.Mean)])}");
    }

    /// <summary>A curve as one line of blocks, from its lowest to its highest value.</summary>
    internal static string Sparkline(double[] values)
    {
        double low = values.Min(), range = values.Max() - low;
        int width = Math.Min(SparkWidth, values.Length);
        return string.Concat(Enumerable.Range(0, width).Select(i =>
        {
            double value = values[width == 1 ? 0 : (int)((long)i * (values.Length - 1) / (width - 1))];
            return Sparks[range > 0 ? (int)Math.Round((value - low) / range * (Sparks.Length - 1)) : 0];
        }));
    }
}
