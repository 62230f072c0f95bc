using System.Globalization;
using GenCluster.Core.Identity;
using GenCluster.Core.Training;

namespace GenCluster.Core.Gangs;

/// <summary>
/// Compares the members of one gang by what they measure of themselves. Soft state, never stored; all times are readings
/// of one clock, given by the caller.
/// </summary>
public sealed class StragglerWatch
{
    /// <summary>A member whose shards take this many times the gang's median is slow.</summary>
    public const double SlowFactor = 1.5;

    /// <summary>How long it has to be slow before people hear of it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Measures of each member, under one lease, that a decision about shares rests on.</summary>
    public const int MeasuresUntilTrusted = 3;

    private readonly Dictionary<WorkerId, Record> records = [];

    /// <summary>What a member measured last, or null.</summary>
    public MemberMeasure? Of(WorkerId worker) => records.GetValueOrDefault(worker)?.Measure;

    /// <summary>Takes up a measure. The answer is a sentence for people when a member has become slow, once for each time that it does.</summary>
    public string? Note(WorkerId worker, MemberMeasure measure, TimeSpan now)
    {
        var record = records.GetValueOrDefault(worker) ?? new Record(measure, 0, null, false);
        bool slow = records.Count > 1 && measure.SecondsPerShard > SlowFactor * Median();
        var since = slow ? record.SlowSince ?? now : (TimeSpan?)null;
        bool alerted = since is { } start && (record.Alerted || now - start >= Patience);
        records[worker] = new Record(measure, record.Count + 1, since, alerted);
        return alerted && !record.Alerted
            ? string.Create(CultureInfo.InvariantCulture, $"{worker} is slow: a shard takes it {measure.SecondsPerShard * 1000:0.#} ms, {measure.SecondsPerShard / Median():0.#} times the gang's median; look at its machine, or set resources.rebalance: auto")
            : null;
    }

    /// <summary>The gang is another one: who is not in it is forgotten, and everybody else measures anew.</summary>
    public void Regroup(IReadOnlyCollection<WorkerId> members)
    {
        foreach (var worker in records.Keys.ToArray())
        {
            if (members.Contains(worker))
                records[worker] = records[worker] with { Count = 0 };
            else
                records.Remove(worker);
        }
    }

    /// <summary>Each member's seconds for a shard, when all of them have measured for long enough; else null.</summary>
    public double[]? Trusted(IReadOnlyCollection<WorkerId> members) =>
        members.All(m => records.TryGetValue(m, out var record) && record.Count >= MeasuresUntilTrusted) ? Estimated(members) : null;

    /// <summary>Each member's seconds for a shard, a middling value for those that have not measured; null when nobody has.</summary>
    public double[]? Estimated(IReadOnlyCollection<WorkerId> members)
    {
        if (records.Count == 0)
            return null;
        double median = Median();
        return [.. members.Select(m => records.TryGetValue(m, out var record) ? record.Measure.SecondsPerShard : median)];
    }

    /// <summary>The lower one of two: with two members it is the faster that the slower is compared with.</summary>
    private double Median()
    {
        double[] times = [.. records.Values.Select(r => r.Measure.SecondsPerShard).Order()];
        return times[(times.Length - 1) / 2];
    }

    private sealed record Record(MemberMeasure Measure, int Count, TimeSpan? SlowSince, bool Alerted);
}
