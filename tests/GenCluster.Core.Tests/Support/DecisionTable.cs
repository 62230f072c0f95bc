using System.Text;

namespace GenCluster.Core.Tests.Support;

/// <summary>Commands down, situations across, what is decided in the cells; so a whole set of rules is one text to review.</summary>
internal static class DecisionTable
{
    public static string Of<TSituation, TCommand>(
        IEnumerable<(string Name, TSituation Situation)> situations,
        IEnumerable<(string Name, TCommand Command)> commands,
        Func<TSituation, TCommand, string> cell)
    {
        var columns = situations.ToList();
        string[][] rows =
        [
            ["", .. columns.Select(c => c.Name)],
            .. commands.Select(r => (string[])[r.Name, .. columns.Select(c => cell(c.Situation, r.Command))]),
        ];
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(i => rows.Max(row => row[i].Length))];

        var text = new StringBuilder();
        foreach (string[] row in rows)
            text.Append(string.Join("  ", row.Select((value, i) => value.PadRight(widths[i]))).TrimEnd()).Append('\n');
        return text.ToString().TrimEnd();
    }
}
