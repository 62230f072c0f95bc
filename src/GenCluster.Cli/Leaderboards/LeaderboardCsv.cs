using System.Globalization;
using System.Text;
using GenCluster.Core.Sweeps;

namespace GenCluster.Cli.Leaderboards;

/// <summary>
/// The leaderboard as CSV (RFC 4180, with line feeds), from the best trial to the worst: one column per searched
/// hyperparameter. The same results give the same bytes.
/// </summary>
public static class LeaderboardCsv
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public static void Write(SweepView view, Stream destination)
    {
        using var writer = new StreamWriter(destination, Utf8, leaveOpen: true) { NewLine = "\n" };
        string[] paths = [.. view.Spec.Parameters.Parameters.Select(p => p.Path)];
        WriteRow(writer, ["trial", "state", .. paths, "objective", "steps", "weights sha256"]);
        foreach (var trial in view.Leaderboard())
        {
            WriteRow(writer,
            [
                trial.Number.ToString(CultureInfo.InvariantCulture),
                trial.Phase.ToString(),
                .. paths.Select(p => trial.Assignment.Find(p)?.ToString() ?? ""),
                trial.Objective?.ToString("R", CultureInfo.InvariantCulture) ?? "",
                trial.Step.ToString(CultureInfo.InvariantCulture),
                trial.WeightsSha256,
            ]);
        }
    }

    private static void WriteRow(StreamWriter writer, IEnumerable<string> cells) => writer.WriteLine(string.Join(',', cells.Select(Quote)));

    private static string Quote(string cell) =>
        cell.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}
