using System.Globalization;
using GenCluster.Chaos.Tests.Faults;

namespace GenCluster.Chaos.Tests.Harness;

/// <summary>The table of what was measured; <c>GENCLUSTER_CHAOS_REPORT</c> names the file that it replaces the old one in.</summary>
public sealed class ChaosReport : IDisposable
{
    private const string Head =
        "| # | fault | how | runs | longest time without a step, s | steps made again |\n| --- | --- | --- | --- | --- | --- |\n";

    private const string Begin = "<!-- measured -->", End = "<!-- /measured -->";

    private readonly List<(Fault Fault, Outcome Outcome)> outcomes = [];

    internal void Add(Fault fault, Outcome outcome) => outcomes.Add((fault, outcome));

    public void Dispose()
    {
        if (Environment.GetEnvironmentVariable("GENCLUSTER_CHAOS_REPORT") is not { Length: > 0 } path || outcomes.Count == 0)
            return;
        string text = File.ReadAllText(path);
        int begin = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, end = text.IndexOf(End, StringComparison.Ordinal);
        var rows = RowsIn(text[begin..end]);
        foreach (var (number, row) in Measured())
            rows[number] = row; // those of faults that did not run stay
        File.WriteAllText(path, $"{text[..begin]}\n{Head}{string.Concat(rows.Values.Select(row => row + '\n'))}{text[end..]}");
    }

    private static SortedDictionary<int, string> RowsIn(string table) => new(table.Split('\n')
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && char.IsAsciiDigit(line[2]))
        .ToDictionary(line => int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture)));

    private IEnumerable<(int Number, string Row)> Measured()
    {
        foreach (var fault in outcomes.GroupBy(outcome => outcome.Fault))
        {
            double[] pauses = [.. fault.Select(run => run.Outcome.LongestPause.TotalSeconds).Order()];
            int[] again = [.. fault.Select(run => run.Outcome.StepsAgain).Order()];
            yield return (fault.Key.Number, string.Create(
                CultureInfo.InvariantCulture,
                $"| {fault.Key.Number} | {fault.Key.Name} | {fault.Key.How} | {pauses.Length} | {pauses[pauses.Length / 2]:0.0}, at most {pauses[^1]:0.0} | {again[again.Length / 2]}, at most {again[^1]} |"));
        }
    }
}
