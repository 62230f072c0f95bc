using System.Collections.Concurrent;
using GenCluster.Core.Metrics;

namespace GenCluster.Monitoring;

/// <summary>
/// Series of sweeps and trials: removed when these have ended, and only for so many at a time. Who comes when there are as many
/// gets none, and does not notice.
/// </summary>
internal sealed class LiveSeries
{
    private readonly ConcurrentDictionary<(string Sweep, string? Trial), Entry> served = [];
    private readonly Lock gate = new(); // held to let in and to remove

    public IMetricSeries Series(LiveThing thing, IFamily family, string[] labels)
    {
        var key = (labels[0], thing is LiveThing.Trial ? labels[1] : null);
        lock (gate)
        {
            if (!served.TryGetValue(key, out var entry))
            {
                if (served.Keys.Count(k => k.Trial is null == key.Item2 is null) >= MostOf(thing))
                    return IMetricRecorder.None.Series(MetricCatalogue.BuildInfo);
                served[key] = entry = new Entry();
            }

            return entry.Add(family, labels);
        }
    }

    public void Forget(string sweep)
    {
        foreach (var key in served.Keys.Where(key => key.Sweep == sweep).ToArray())
            Forget(key);
    }

    public void Forget(string sweep, string trial) => Forget((sweep, trial));

    private void Forget((string Sweep, string? Trial) key)
    {
        lock (gate)
        {
            if (served.TryRemove(key, out var series))
                series.Remove();
        }
    }

    private static int MostOf(LiveThing thing) => thing is LiveThing.Trial ? MetricCatalogue.MaxTrials : MetricCatalogue.MaxSweeps;

    /// <summary>All series of one sweep or trial.</summary>
    private sealed class Entry
    {
        private readonly List<(IFamily Family, string[] Labels)> all = [];

        public IMetricSeries Add(IFamily family, string[] labels)
        {
            if (!all.Any(one => one.Family == family && one.Labels.AsSpan().SequenceEqual(labels)))
                all.Add((family, labels));
            return family.Series(labels);
        }

        public void Remove()
        {
            foreach (var (family, labels) in all)
                family.Remove(labels);
        }
    }
}
