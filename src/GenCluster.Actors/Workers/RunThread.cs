using GenCluster.Actors.Protocol;
using GenCluster.Core.Identity;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;

namespace GenCluster.Actors.Workers;

/// <summary>
/// A run on a thread of its own: training never takes a thread from the pool that heartbeats need.
/// </summary>
internal sealed class RunThread
{
    private const int StackBytes = 16 * 1024 * 1024; // libtorch recurses deeply in long backward passes

    private readonly TrialOrder first;

    private RunThread(TrialOrder order)
    {
        first = order;
        Order = order;
    }

    /// <summary>The newest order; the run may not have taken it yet. For the worker's actor alone.</summary>
    public TrialOrder Order { get; private set; }

    public RunControl Control { get; } = new();

    /// <summary>The lease of the order that the run goes by.</summary>
    public Lease LeaseInForce => (Control.Taken ?? first).Lease;

    /// <summary>Hands the run another order of its trial.</summary>
    public void Regroup(TrialOrder order)
    {
        Order = order;
        Control.Regroup(order);
    }

    /// <summary>Starts the run; <paramref name="finished"/> is called on its thread when it is over.</summary>
    public static RunThread Start(ITrialRunner runner, TrialOrder order, Func<RunThread, ITrialObserver> observer, Action<Finished> finished)
    {
        var run = new RunThread(order);
        var thread = new Thread(() => finished(new Finished(run, run.Run(runner, observer(run)))), StackBytes)
        {
            Name = $"train {order.Lease}",
            IsBackground = true,
        };
        thread.Start();
        return run;
    }

    private RunOutcome? Run(ITrialRunner runner, ITrialObserver observer)
    {
        try
        {
            return runner.Run(first, observer, Control);
        }
        catch (Exception) when (Control.Aborted.IsCancellationRequested)
        {
            return null; // an abort takes away what the run stands on; how it fell is of no interest
        }
        catch (Exception e)
        {
            return new RunOutcome.Broken(FailureClass.UserError, $"{e.GetType().Name}: {e.Message}");
        }
    }

    /// <summary>The run is over; null when it was aborted.</summary>
    internal sealed record Finished(RunThread Run, RunOutcome? Outcome) : ILocal;
}
