using GenCluster.Actors.Protocol;
using GenCluster.Core.Identity;
using GenCluster.Core.Training;
using GenCluster.Core.Workers;

namespace GenCluster.Actors.Workers;

/// <summary>A run that goes on beside the worker's actor, and the orders it was given.</summary>
internal sealed class RunThread
{
    private readonly TrialOrder first;

    private RunThread(TrialOrder order, TimeProvider clock)
    {
        first = order;
        Order = order;
        Control = new RunControl(clock);
        HoldsState = order.Member != TrialOrder.Joiner;
    }

    /// <summary>The newest order; the run may not have taken it yet. For the worker's actor alone.</summary>
    public TrialOrder Order { get; private set; }

    public RunControl Control { get; }

    /// <summary>Whether it holds what a member needs: a joiner that is still to get that from its gang can do nothing without that gang.</summary>
    public bool HoldsState { get; private set; }

    /// <summary>The lease of the order that the run goes by.</summary>
    public Lease LeaseInForce => (Control.Taken ?? first).Lease;

    /// <summary>Whether it moves.</summary>
    public ProgressWatch Watch { get; } = new();

    /// <summary>The worker was sure of its lease then.</summary>
    public void Confirm(long confirmedAt) => Control.Confirm(confirmedAt, OwnLease.Time);

    /// <summary>The joiner has caught up with its gang.</summary>
    public void Joined() => HoldsState = true;

    /// <summary>Hands the run another order of its trial.</summary>
    public void Regroup(TrialOrder order)
    {
        Order = order;
        Control.Regroup(order);
    }

    /// <summary>Starts the run; <paramref name="finished"/> is called when it is over, on whatever thread it ran on.</summary>
    /// <param name="confirmedAt">When the worker was last sure of its lease, by this clock.</param>
    public static RunThread Start(
        IRunStarter starter, TimeProvider clock, TrialOrder order, long confirmedAt, Func<RunThread, ITrialObserver> observer, Action<Finished> finished)
    {
        var run = new RunThread(order, clock);
        run.Confirm(confirmedAt);
        starter.Start(order, observer(run), run.Control, outcome => finished(new Finished(run, outcome)));
        return run;
    }

    /// <summary>The run is over; null when it was aborted.</summary>
    internal sealed record Finished(RunThread Run, RunOutcome? Outcome) : ILocal;
}
