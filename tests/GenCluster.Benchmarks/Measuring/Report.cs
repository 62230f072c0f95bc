namespace GenCluster.Benchmarks.Measuring;

/// <summary>What one benchmark found out.</summary>
/// <param name="Name">The command's name, and the section of the results page.</param>
/// <param name="Circumstances">Machine, versions, settings: what the numbers mean little without.</param>
internal sealed record Report(string Name, IReadOnlyList<string> Circumstances, IReadOnlyList<Table> Tables, IReadOnlyList<Figure> Figures)
{
    public bool IsMissed => Figures.Any(figure => figure.IsMissed);

    /// <summary>Tables for people, then one line for each figure.</summary>
    public void Print(TextWriter output)
    {
        foreach (string circumstance in Circumstances)
            output.WriteLine(circumstance);
        foreach (var table in Tables)
        {
            output.WriteLine();
            output.WriteLine(table.Title);
            foreach (string line in table.Lines())
                output.WriteLine(line);
        }

        output.WriteLine();
        foreach (var figure in Figures)
            output.WriteLine(figure);
        foreach (var missed in Figures.Where(figure => figure.IsMissed))
            output.WriteLine($"missed: {missed.Name}");
    }

    /// <summary>The same as a section of a page.</summary>
    public IEnumerable<string> Markdown()
    {
        foreach (string circumstance in Circumstances)
            yield return $"- {circumstance}";
        foreach (var table in Tables)
        {
            yield return "";
            yield return table.Title;
            yield return "";
            foreach (string line in table.Lines())
                yield return line;
        }

        yield return "";
        yield return "```";
        foreach (var figure in Figures)
            yield return figure.IsMissed ? $"{figure}   missed" : $"{figure}";
        yield return "```";
    }
}
