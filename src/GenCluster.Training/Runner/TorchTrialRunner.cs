using GenCluster.Core.Training;

namespace GenCluster.Training.Runner;

/// <summary>
/// Runs trials with libtorch. A run belongs to the thread that calls; libtorch's settings belong to the process, so a
/// worker runs one trial at a time.
/// </summary>
public sealed class TorchTrialRunner(RunnerOptions options, ITrialMaterials materials, TimeProvider clock) : ITrialRunner
{
    public RunOutcome Run(TrialOrder order, ITrialObserver observer, RunControl control)
    {
        try
        {
            while (true)
            {
                using var run = new TrialRun(order, observer, control, options, materials, clock);
                if (run.Execute(ref order) is { } outcome)
                    return outcome;
            }
        }
        catch (Exception e)
        {
            // An abort ends the gang too, and whatever was in its way then fails.
            control.Aborted.ThrowIfCancellationRequested();
            return Failures.Classify(e);
        }
    }
}
