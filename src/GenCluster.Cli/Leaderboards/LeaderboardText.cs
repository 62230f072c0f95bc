using System.Globalization;
using GenCluster.Cli.Watching;
using GenCluster.Core.Sweeps;

namespace GenCluster.Cli.Leaderboards;

/// <summary>The leaderboard for people: the best trial first and marked, then what it is worth.</summary>
internal static class LeaderboardText
{
    private const int ShortHash = 12;

    public static void Write(SweepView view, TextWriter output)
    {
        var spec = view.Spec;
        var best = BestTrial.Of(view);
        output.WriteLine();
        output.WriteLine($"{spec.Name}: {Words.Of(view.Phase)}, {spec.Trainable.Model} on {spec.Data.Dataset}");
        output.WriteLine();
        WriteTable(view, best, output);
        output.WriteLine();
        output.WriteLine($"{spec.Objective.Metric}, {(spec.Objective.Goal is Goal.Minimize ? "lower" : "higher")} is better: {Words.Protocol(spec.Evaluation)}");
        if (view.Untrained is { } untrained)
            output.WriteLine($"untrained  {Numbers.Significant(untrained, 5)}");
        if (best is null)
            return;
        output.WriteLine($"best       {Numbers.Significant(best.Objective!.Value, 5)} (trial {best.Number})");
        output.WriteLine($"weights sha256: {best.WeightsSha256}");
    }

    private static void WriteTable(SweepView view, TrialView? best, TextWriter output)
    {
        string[] paths = [.. view.Spec.Parameters.Parameters.Select(p => p.Path)];
        var names = ParameterNames.Shorten(paths);
        TextTable.Write(output,
            [
                new(""), new("trial", Right: true), new("state"), new(view.Spec.Objective.Metric, Right: true), new("steps", Right: true),
                .. paths.Select(p => new TextColumn(names[p].Replace('.', '\n'), Right: true)), new("weights"),
            ],
            [.. view.Leaderboard().Select(t => (string[])
            [
                t == best ? "*" : "",
                t.Number.ToString(CultureInfo.InvariantCulture),
                Words.Of(t.Phase),
                t.Objective is { } objective ? Numbers.Significant(objective, 5) : "-",
                t.Step.ToString(CultureInfo.InvariantCulture),
                .. paths.Select(p => t.Assignment.Find(p) is { } value ? ParameterText.Show(value) : "-"),
                t.WeightsSha256.Length > ShortHash ? t.WeightsSha256[..ShortHash] : "-",
            ])]);
    }
}
