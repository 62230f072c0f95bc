using GenCluster.Actors.Protocol;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;

namespace GenCluster.Actors.Workers;

/// <summary>
/// A run on a thread of its own: training never takes a thread from the pool that heartbeats need.
/// </summary>
internal sealed class RunThread
{
    private const int StackBytes = 16 * 1024 * 1024; // libtorch recurses deeply in long backward passes

    private RunThread(TrialOrder order)
    {
        Order = order;
    }

    public TrialOrder Order { get; }

    public RunControl Control { get; } = new();

    /// <summary>Starts the run; <paramref name="finished"/> is called on its thread when it is over.</summary>
    public static RunThread Start(ITrialRunner runner, TrialOrder order, ITrialObserver observer, Action<Finished> finished)
    {
        var run = new RunThread(order);
        var thread = new Thread(() => finished(new Finished(run, run.Run(runner, observer))), StackBytes)
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
            return runner.Run(Order, observer, Control);
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
