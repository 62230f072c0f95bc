namespace GenCluster.Configuration.Schema;

/// <summary>Finds the known name that a person most probably meant.</summary>
public static class Nearest
{
    private const int Longest = 64; // beyond it no name is a slip of another; keeps the work small

    // What others call the same, in plain letters.
    private static readonly Dictionary<string, string> Aliases = new(StringComparer.Ordinal)
    {
        ["loguniform"] = "log_uniform_values",
        ["qloguniform"] = "q_log_uniform_values",
        ["bayes"] = "gp",
        ["bayesian"] = "gp",
        ["bayesianoptimization"] = "gp",
    };

    /// <summary>The known name for what others call so, else the nearest one; of equally near ones the first.</summary>
    public static string To(string name, IReadOnlyList<string> known) =>
        Aliases.TryGetValue(Plain(name), out string? alias) && known.Contains(alias) ? alias : known.MinBy(k => Distance(Plain(name), Plain(k))) ?? throw new ArgumentException("at least one name must be known", nameof(known));

    /// <summary>
    /// The nearest dotted path. A path is near, too, when its last part fits, however much of its front is missing, or
    /// when one of the two is nearly the front of the other: so people misremember paths.
    /// </summary>
    public static string ToPath(string path, IReadOnlyList<string> known)
    {
        return known.MinBy(Score) ?? throw new ArgumentException("at least one path must be known", nameof(known));

        (int Best, int Whole) Score(string candidate)
        {
            int whole = Distance(Plain(path), Plain(candidate));
            int front = Distance(Plain(Front(path, Parts(candidate))), Plain(Front(candidate, Parts(path)))) + 1;
            int last = Distance(Last(path), Last(candidate)) + 1;
            return (Math.Min(whole, Math.Min(front, last)), whole);
        }
    }

    /// <summary>Edits (insert, delete, replace, swap of neighbours) from one text to the other: optimal string alignment.</summary>
    public static int Distance(string from, string to)
    {
        var (before, previous, current) = (new int[to.Length + 1], new int[to.Length + 1], new int[to.Length + 1]);
        for (int j = 0; j <= to.Length; j++)
            current[j] = j;

        for (int i = 1; i <= from.Length; i++)
        {
            (before, previous, current) = (previous, current, before);
            current[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int replace = previous[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                current[j] = Math.Min(replace, Math.Min(previous[j], current[j - 1]) + 1);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    current[j] = Math.Min(current[j], before[j - 2] + 1);
            }
        }

        return current[to.Length];
    }

    private static string Front(string path, int parts) => string.Join('.', path.Split('.').Take(parts));

    private static int Parts(string path) => path.Count(c => c == '.') + 1;

    private static string Last(string path) => Plain(path[(path.LastIndexOf('.') + 1)..]);

    // batch_size, batch-size and BatchSize are all meant to be batchSize.
    private static string Plain(string name) =>
        string.Concat(name.Take(Longest).Where(c => c is not ('_' or '-'))).ToLowerInvariant();
}
