using System.Collections.Concurrent;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;

namespace GenCluster.Actors.Tests.Support;

/// <summary>A runner that does what a test says, on the real thread of a real run.</summary>
internal sealed class ScriptedRunner(Func<TrialOrder, ITrialObserver, RunControl, RunOutcome> script) : ITrialRunner
{
    public ConcurrentQueue<TrialOrder> Orders { get; } = [];

    public RunOutcome Run(TrialOrder order, ITrialObserver observer, RunControl control)
    {
        Orders.Enqueue(order);
        return script(order, observer, control);
    }

    /// <summary>Trains at once: reports, checkpoints, and ends with an objective that depends on the trial alone.</summary>
    public static RunOutcome Succeed(TrialOrder order, ITrialObserver observer, RunControl control)
    {
        int steps = order.Definition.Training.Steps;
        observer.Started(order.Checkpoints.Length == 0 ? 0 : order.Checkpoints[0].Step);
        if (order.Member == 0)
        {
            observer.Evaluated(new MetricReport(0, [new Metric("swd", 100)]), null);
            observer.Evaluated(new MetricReport(steps, [new Metric("swd", 10 + order.Lease.Trial.Number)]), null);
            observer.Checkpointed(ManifestAt(steps));
        }

        return new RunOutcome.Completed(steps, $"{order.Lease.Trial.Number:x64}");
    }

    /// <summary>Trains until it is stopped.</summary>
    public static RunOutcome UntilStopped(TrialOrder order, ITrialObserver observer, RunControl control)
    {
        observer.Started(0);
        while (!control.DrainRequested)
        {
            control.Aborted.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(1));
            control.Aborted.ThrowIfCancellationRequested();
        }

        if (order.Member == 0)
            observer.Checkpointed(ManifestAt(50));
        return new RunOutcome.Drained(50);
    }

    /// <summary>Trains until it is stopped, and takes every order that comes, as a run does whose gangs never break.</summary>
    public static RunOutcome Elastic(TrialOrder order, ITrialObserver observer, RunControl control)
    {
        int step = 0;
        for (var current = order; ;)
        {
            if (current.Member == TrialOrder.Joiner)
            {
                observer.Joined(step);
            }
            else
            {
                observer.Started(step);
                while (control.PendingOrder is null && !control.DrainRequested)
                {
                    control.Aborted.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(1));
                    control.Aborted.ThrowIfCancellationRequested();
                    step++;
                }
            }

            if (control.WaitForOrder() is not { } next)
            {
                if (current.Member == 0)
                    observer.Checkpointed(ManifestAt(step));
                return new RunOutcome.Drained(step);
            }

            current = next;
        }
    }

    public static CheckpointManifest ManifestAt(int step) => new(step, [new BlobRef("weights", $"{step:x64}", 8)], "test");
}
