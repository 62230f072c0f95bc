using GenCluster.Core.Training;
using GenCluster.Training.Loop;

namespace GenCluster.Training.Runner;

/// <summary>Tells the observer how far the run is, a few times a second at most.</summary>
internal sealed class ProgressMeter(ITrialObserver observer, TimeProvider clock, int firstStep, int lastStep)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private long reportedAt = clock.GetTimestamp();
    private int reportedStep = firstStep;

    public void Note(StepResult result)
    {
        var elapsed = clock.GetElapsedTime(reportedAt);
        if (elapsed < Interval && result.Step != lastStep)
            return;

        double rate = elapsed > TimeSpan.Zero ? (result.Step - reportedStep) / elapsed.TotalSeconds : 0;
        (reportedAt, reportedStep) = (clock.GetTimestamp(), result.Step);
        observer.Progressed(new StepProgress(result.Step, rate, [.. result.Losses]));
    }
}
