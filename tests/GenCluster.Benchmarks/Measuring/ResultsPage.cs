namespace GenCluster.Benchmarks.Measuring;

/// <summary>The page of results: text by hand, and between two marks for each benchmark what it wrote.</summary>
internal static class ResultsPage
{
    private const string Place = "docs/benchmarks.md";

    /// <summary>Puts a report in the place of the one before it.</summary>
    /// <exception cref="BenchmarkException">The page is not there, or has no place for this report.</exception>
    public static string Update(Report report)
    {
        string page = Find();
        var lines = File.ReadAllLines(page).ToList();
        string begin = $"<!-- begin: {report.Name} -->", end = $"<!-- end: {report.Name} -->";
        int from = lines.IndexOf(begin), to = lines.IndexOf(end);
        if (from < 0 || to < from)
            throw new BenchmarkException($"{page} has no place for '{report.Name}'; give it the lines '{begin}' and '{end}'");

        lines.RemoveRange(from + 1, to - from - 1);
        lines.InsertRange(from + 1, ["", .. report.Markdown(), ""]);
        File.WriteAllText(page, string.Join('\n', lines) + "\n");
        return page;
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            string page = Path.Combine(folder.FullName, Place);
            if (File.Exists(page))
                return page;
        }

        throw new BenchmarkException($"there is no {Place} in '{Environment.CurrentDirectory}' or above it; start from inside the repository to use --write");
    }
}
