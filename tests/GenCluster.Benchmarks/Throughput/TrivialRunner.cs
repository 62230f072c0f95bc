using System.Collections.Concurrent;
using System.Diagnostics;
using GenCluster.Core.Identity;
using GenCluster.Core.Training;

namespace GenCluster.Benchmarks.Throughput;

/// <summary>Trains nothing: reports an evaluation and is done. Notes how long each worker stood still between two trials.</summary>
internal sealed class TrivialRunner(Action<int> ended) : ITrialRunner
{
    private readonly ConcurrentDictionary<WorkerId, long> ends = [];
    private readonly ConcurrentQueue<double> pauses = [];
    private int count;

    /// <summary>Milliseconds, in the order in which the pauses ended.</summary>
    public IReadOnlyCollection<double> Pauses => pauses;

    public RunOutcome Run(TrialOrder order, ITrialObserver observer, RunControl control)
    {
        var worker = order.Members[order.Member].Worker;
        if (ends.TryRemove(worker, out long since))
            pauses.Enqueue(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
        observer.Started(0);
        observer.Evaluated(ThroughputSweep.ReportOf(order.Definition), null);
        ends[worker] = Stopwatch.GetTimestamp();
        ended(Interlocked.Increment(ref count));
        return new RunOutcome.Completed(1, $"{order.Lease.Trial.Number:x64}");
    }
}
