using GenCluster.Core.Training;
using GenCluster.Core.Trials;

namespace GenCluster.Actors.Workers;

/// <summary>Where runs take place. It decides nothing about them.</summary>
internal interface IRunStarter
{
    /// <summary>Returns at once; <paramref name="ended"/> is called once, with null for a run that was aborted.</summary>
    void Start(TrialOrder order, ITrialObserver observer, RunControl control, Action<RunOutcome?> ended);
}

/// <summary>Each run has a thread of its own: training never takes one from the pool that heartbeats need.</summary>
internal sealed class ThreadStarter(ITrialRunner runner) : IRunStarter
{
    private const int StackBytes = 16 * 1024 * 1024; // libtorch recurses deeply in long backward passes

    public void Start(TrialOrder order, ITrialObserver observer, RunControl control, Action<RunOutcome?> ended)
    {
        var thread = new Thread(() => ended(Run(order, observer, control)), StackBytes)
        {
            Name = $"train {order.Lease}",
            IsBackground = true,
        };
        thread.Start();
    }

    private RunOutcome? Run(TrialOrder order, ITrialObserver observer, RunControl control)
    {
        try
        {
            return runner.Run(order, observer, control);
        }
        catch (Exception) when (control.Aborted.IsCancellationRequested)
        {
            return null; // an abort takes away what the run stands on; how it fell is of no interest
        }
        catch (Exception e)
        {
            return new RunOutcome.Broken(FailureClass.UserError, $"{e.GetType().Name}: {e.Message}");
        }
    }
}
