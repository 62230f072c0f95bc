namespace GenCluster.Benchmarks.Measuring;

/// <summary>A table that reads alike in a terminal and in a Markdown page.</summary>
internal sealed class Table(string title, params string[] head)
{
    private readonly List<string[]> rows = [];

    public string Title => title;

    public void Add(params string[] cells) => rows.Add(cells);

    /// <summary>The lines; the first column is flush left, the others right.</summary>
    public IEnumerable<string> Lines()
    {
        int[] widths = [.. head.Select((cell, column) => rows.Select(row => row[column].Length).Append(cell.Length).Max())];
        yield return Line(head, widths);
        yield return Line([.. widths.Select((width, column) => column == 0 ? new string('-', width) : new string('-', width - 1) + ":")], widths);
        foreach (string[] row in rows)
            yield return Line(row, widths);
    }

    private static string Line(string[] cells, int[] widths) =>
        $"| {string.Join(" | ", cells.Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column])))} |";
}
