using GenCluster.Collectives.Gangs;
using GenCluster.Core.Training;
using GenCluster.Training.Loop;

namespace GenCluster.Training.Runner;

/// <summary>Tells the observer how far the run is and how fast this member, a few times a second at most.</summary>
internal sealed class ProgressMeter(ITrialObserver observer, TimeProvider clock, StepClock time, IGang gang, int firstStep, int lastStep)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan MeasureInterval = TimeSpan.FromSeconds(2);

    private long reportedAt = clock.GetTimestamp();
    private long measuredAt = clock.GetTimestamp();
    private int reportedStep = firstStep;
    private int measuredStep = firstStep;
    private TimeSpan measuredLateness;

    public void Note(StepResult result)
    {
        Measure(result.Step);
        var elapsed = clock.GetElapsedTime(reportedAt);
        if (elapsed < Interval && result.Step != lastStep)
            return;

        double rate = elapsed > TimeSpan.Zero ? (result.Step - reportedStep) / elapsed.TotalSeconds : 0;
        (reportedAt, reportedStep) = (clock.GetTimestamp(), result.Step);
        observer.Progressed(new StepProgress(result.Step, rate, [.. result.Losses]));
    }

    private void Measure(int step)
    {
        if (gang.Plan.Members == 1 || clock.GetElapsedTime(measuredAt) < MeasureInterval)
            return;
        var (perShard, waited) = time.Take();
        int steps = step - measuredStep;
        var lateness = gang.Waits.LatenessOf(gang.Member);
        observer.Measured(new MemberMeasure(step, perShard, waited / steps, (lateness - measuredLateness).TotalSeconds / steps));
        (measuredAt, measuredStep, measuredLateness) = (clock.GetTimestamp(), step, lateness);
    }
}
