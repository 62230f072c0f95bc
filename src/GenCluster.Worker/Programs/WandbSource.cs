using GenCluster.Core.Trials;

namespace GenCluster.Worker.Programs;

/// <summary>
/// The history of W&amp;B runs under a folder: <c>*.wandb</c>, which the client writes when it is offline, and
/// <c>wandb-history.jsonl</c>, which its first releases and programs without it write.
/// </summary>
internal sealed class WandbSource : IMetricsSource
{
    public const string LinesName = "wandb-history.jsonl";

    private const int MaxFiles = 32;

    private static readonly EnumerationOptions Everywhere = new()
    {
        RecurseSubdirectories = true,
        MaxRecursionDepth = 4,
        AttributesToSkip = FileAttributes.ReparsePoint, // links, one of which leads to the newest run
        IgnoreInaccessible = true,
    };

    private readonly HashSet<string> old = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Func<Action<IReadOnlyList<Metric>>, bool>> files = new(StringComparer.Ordinal);

    private readonly string folder;

    /// <param name="folder">What lies there already is of an earlier attempt, and said.</param>
    public WandbSource(string folder)
    {
        this.folder = folder;
        old.UnionWith(Files());
    }

    public bool Look(Action<IReadOnlyList<Metric>> said)
    {
        bool more = false;
        Find();
        foreach (var read in files.Values)
            more |= read(said);
        return more;
    }

    private void Find()
    {
        foreach (string path in Files())
        {
            if (files.Count < MaxFiles && !files.ContainsKey(path) && !old.Contains(path))
                files.Add(path, path.EndsWith(LinesName, StringComparison.Ordinal) ? LinesOf(path) : LogOf(path));
        }
    }

    private IEnumerable<string> Files() => !Directory.Exists(folder)
        ? []
        : Directory.EnumerateFiles(folder, "*.wandb", Everywhere).Concat(Directory.EnumerateFiles(folder, LinesName, Everywhere));

    private static Func<Action<IReadOnlyList<Metric>>, bool> LogOf(string path)
    {
        var (file, log) = (new FollowedFile(path, 0), new WandbFile());
        return said => file.Read(bytes => log.Write(bytes, said));
    }

    private static Func<Action<IReadOnlyList<Metric>>, bool> LinesOf(string path)
    {
        Action<IReadOnlyList<Metric>>? to = null;
        var (file, lines) = (new FollowedFile(path, 0), new LineSplitter(line => to!(MetricsLine.Read(line))));
        return said =>
        {
            to = said;
            return file.Read(lines.Write);
        };
    }
}
