using System.Numerics;
using GenCluster.Core.Trials;

namespace GenCluster.Worker.Programs;

/// <summary>
/// Makes reports of what a program says: each value of the objective is one, with what was said since the last one, at a
/// step that the program names, or else the next one. Pure.
/// </summary>
/// <remarks>
/// Every report is an event that is kept for good, so of very many only some are told: all of the first
/// <see cref="AllOfTheFirst"/>, of as many after them every second, then every fourth of twice as many, and so on. The newest
/// that was not told waits: it is told when the program ends.
/// </remarks>
/// <param name="objective">The metric that counts.</param>
/// <param name="resource">The key that counts steps; null for the usual ones, or the number of reports.</param>
/// <param name="isWandb">Whether W&amp;B's own counter, which begins with 0, counts steps when no key is given.</param>
/// <param name="step">Where the program goes on from.</param>
/// <param name="until">The milestone: the first report there or beyond is taken for the one of this step.</param>
internal sealed class ReportBook(string objective, string? resource, bool isWandb, int step, int until = int.MaxValue)
{
    public const int AllOfTheFirst = 1_000;

    private const int MaxMetrics = 256;
    private const string WandbStep = "_step";

    private static readonly string[] UsualKeys = ["step", "epoch"];

    private readonly Dictionary<string, double> said = new(StringComparer.Ordinal); // since the last report
    private double? named;
    private int reports;

    /// <summary>Of the newest report.</summary>
    public int Step { get; private set; } = step;

    /// <summary>The newest report, if it is not to be told now; else null.</summary>
    public MetricReport? Waiting { get; private set; }

    /// <returns>The report that these values complete; null when they complete none, or one of a step that is over.</returns>
    public MetricReport? Hear(IReadOnlyList<Metric> values)
    {
        foreach (var (name, value) in values)
        {
            if (said.Count < MetricsLine.MaxValues || said.ContainsKey(name))
                said[name] = value;
        }

        named = KeyIn(values) ?? named;
        if (!values.Any(metric => metric.Name == objective))
            return null;

        int at = Math.Min(named is >= 0 and < int.MaxValue ? (int)named : Step + 1, until);
        var report = new MetricReport(at, Told());
        said.Clear();
        named = null;
        if (at <= Step && (at > 0 || reports > 0))
            return null;
        Step = at;
        Waiting = IsTold(++reports) ? null : report;
        return report;
    }

    /// <summary>The newest report, if it was not told yet; it counts as told from now on.</summary>
    public MetricReport? TakeWaiting()
    {
        var report = Waiting;
        Waiting = null;
        return report;
    }

    private static bool IsTold(int number) =>
        number <= AllOfTheFirst || number % (2 << BitOperations.Log2((uint)((number - 1) / AllOfTheFirst))) == 0;

    private double? KeyIn(IReadOnlyList<Metric> values)
    {
        if (resource is not null)
            return Find(values, resource);
        if (isWandb)
            return Find(values, WandbStep) + 1;
        return UsualKeys.Select(key => Find(values, key)).FirstOrDefault(value => value is not null);
    }

    private static double? Find(IReadOnlyList<Metric> values, string name)
    {
        foreach (var (its, value) in values)
        {
            if (its == name)
                return value;
        }

        return null;
    }

    /// <summary>The objective, and as many others as fit; without what W&amp;B and Katib say of time.</summary>
    private Metric[] Told()
    {
        var others = said.Where(pair => pair.Key != objective && pair.Key != "timestamp" && pair.Key[0] != '_').Take(MaxMetrics - 1);
        return [.. others.Append(KeyValuePair.Create(objective, said[objective])).Select(pair => new Metric(pair.Key, pair.Value)).OrderBy(metric => metric.Name, StringComparer.Ordinal)];
    }
}
