namespace GenCluster.Cli.Watching;

/// <summary>Short names for hyperparameters where room is scarce.</summary>
internal static class ParameterNames
{
    /// <summary>The shortest endings of the paths, cut at dots, that still tell them apart.</summary>
    public static IReadOnlyDictionary<string, string> Shorten(IReadOnlyCollection<string> paths) =>
        paths.ToDictionary(p => p, p => Endings(p).First(e => e == p || paths.Count(other => EndsWith(other, e)) == 1));

    private static IEnumerable<string> Endings(string path)
    {
        string[] parts = path.Split('.');
        for (int kept = 1; kept <= parts.Length; kept++)
            yield return string.Join('.', parts[^kept..]);
    }

    private static bool EndsWith(string path, string ending) => path == ending || path.EndsWith("." + ending, StringComparison.Ordinal);
}
