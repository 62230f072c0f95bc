using GenCluster.Core.Training;
using GenCluster.Core.Trials;

namespace GenCluster.Worker.Programs;

/// <summary>Runs trials that are programs: any program, in any language. Needs no libtorch.</summary>
internal sealed class ProgramTrialRunner(ProgramOptions options) : ITrialRunner
{
    public RunOutcome Run(TrialOrder order, ITrialObserver observer, RunControl control)
    {
        try
        {
            var checkpoints = new ProgramCheckpoints(observer, control, options.Clock);
            for (TrialOrder? next = order; ;)
            {
                while (next.Member < 0) // a gang of programs does not grow while it is at work
                {
                    if (control.WaitForOrder() is not { } other)
                        return new RunOutcome.Drained(0);
                    next = other;
                }

                using var attempt = new ProgramAttempt(next, checkpoints, observer, control, options);
                if (attempt.Run() is { } outcome)
                    return outcome;
                next = attempt.Next ?? throw new InvalidOperationException("an attempt ended without an outcome and without an order for the next");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // An abort ends what the run stands on, and whatever was in its way then fails.
            control.Aborted.ThrowIfCancellationRequested();
            return new RunOutcome.Broken(FailureClass.Hardware, e.Message);
        }
    }
}
