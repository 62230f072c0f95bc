using System.Diagnostics;
using GenCluster.Core.Identity;
using GenCluster.Core.Metrics;
using GenCluster.Core.Placement;
using GenCluster.Core.Workers;

namespace GenCluster.Actors.Metering;

/// <summary>Who works, who is free, who waits, and for how long. Recorded by the coordinator alone.</summary>
internal sealed class PlacementMeters
{
    private const string Cpu = "cpu", Cuda = "cuda";
    private static readonly IReadOnlyList<string> States = MetricCatalogue.Workers.Labels[0].Values!;

    private readonly Dictionary<TrialId, TimeSpan> wishes = [];
    private readonly Dictionary<string, IMetricSeries> workers;
    private readonly Dictionary<(string Kind, string State), IMetricSeries> capacity;
    private readonly SeriesBy<WaitCause> waiting;
    private readonly SeriesBy<WorkerLoss> lost;
    private readonly IMetricSeries queue, decision;

    public PlacementMeters(IMetricRecorder recorder)
    {
        workers = States.ToDictionary(state => state, state => recorder.Series(MetricCatalogue.Workers, state));
        capacity = new[] { Cpu, Cuda }.SelectMany(kind => States, (kind, state) => (kind, state))
            .ToDictionary(key => key, key => recorder.Series(MetricCatalogue.WorkerCapacity, key.kind, key.state));
        waiting = new SeriesBy<WaitCause>(recorder, MetricCatalogue.TrialsWaiting);
        lost = new SeriesBy<WorkerLoss>(recorder, MetricCatalogue.WorkerLost);
        queue = recorder.Series(MetricCatalogue.TrialQueueWaitSeconds);
        decision = recorder.Series(MetricCatalogue.SchedulerDecisionSeconds, "placement");
    }

    /// <summary>A trial wishes for workers.</summary>
    /// <param name="now">A reading of a monotonic clock.</param>
    public void Wishes(TrialId trial, TimeSpan now) => wishes.TryAdd(trial, now);

    /// <summary>It has them.</summary>
    public void Granted(TrialId trial, TimeSpan now)
    {
        if (wishes.Remove(trial, out var since))
            queue.Record((now - since).TotalSeconds);
    }

    /// <summary>It wishes for none any more.</summary>
    public void Withdrawn(TrialId trial) => wishes.Remove(trial);

    /// <summary>It was decided who gets which workers.</summary>
    /// <param name="beganAt">A timestamp.</param>
    public void Decided(PlacementPlan plan, long beganAt)
    {
        decision.Record(Stopwatch.GetElapsedTime(beganAt).TotalSeconds);
        waiting.RecordCounts(plan.Waits.CountBy(wait => wait.Cause).ToDictionary());
    }

    public void Lost(WorkerLoss how) => lost[how].Record();

    /// <summary>These workers are attached.</summary>
    public void Show(IEnumerable<WorkerSlot> slots, Func<WorkerId, bool> isLeaving, Func<WorkerId, bool> isSetAside)
    {
        var counts = slots.CountBy(slot => (slot.Device is Cpu ? Cpu : Cuda, StateOf(slot, isLeaving, isSetAside))).ToDictionary();
        foreach (string state in States)
            workers[state].Record(counts.Where(count => count.Key.Item2 == state).Sum(count => count.Value));
        foreach (var (key, series) in capacity)
            series.Record(counts.GetValueOrDefault(key));
    }

    /// <summary>The coordinator rules from here no more, and knows of nobody.</summary>
    public void Clear()
    {
        wishes.Clear();
        waiting.RecordCounts(new Dictionary<WaitCause, int>());
        Show([], _ => false, _ => false);
    }

    private static string StateOf(WorkerSlot slot, Func<WorkerId, bool> isLeaving, Func<WorkerId, bool> isSetAside) =>
        isLeaving(slot.Worker) ? "leaving" : slot.Trial is not null ? "busy" : isSetAside(slot.Worker) ? "set_aside" : "free";
}
