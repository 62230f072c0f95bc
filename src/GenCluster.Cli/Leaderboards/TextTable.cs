namespace GenCluster.Cli.Leaderboards;

/// <summary>A column of a <see cref="TextTable"/>; its title may have several lines.</summary>
internal sealed record TextColumn(string Title, bool Right = false);

/// <summary>Columns of text, aligned by spaces: the same on a terminal, in a pipe and in a file.</summary>
internal static class TextTable
{
    private const string Gap = "  ";

    /// <param name="titles">Whether the columns' titles are written.</param>
    public static void Write(TextWriter output, IReadOnlyList<TextColumn> columns, IReadOnlyList<IReadOnlyList<string>> rows, bool titles = true)
    {
        string[][] heads = [.. columns.Select(c => c.Title.Split('\n'))];
        int height = titles ? heads.Max(t => t.Length) : 0;
        int[] widths = [.. columns.Select((_, i) => heads[i].Concat(rows.Select(r => r[i])).Max(t => t.Length))];
        for (int line = 0; line < height; line++)
        {
            // Titles stand on the table: the shorter ones leave room above.
            WriteLine([.. heads.Select(t => line - height + t.Length is var at and >= 0 ? t[at] : "")]);
        }

        foreach (var row in rows)
            WriteLine(row);

        void WriteLine(IReadOnlyList<string> cells) => output.WriteLine(string.Join(Gap, cells.Select(
            (c, i) => columns[i].Right ? c.PadLeft(widths[i]) : c.PadRight(widths[i]))).TrimEnd());
    }
}
