using System.Diagnostics;
using GenCluster.Actors.Metering;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;

namespace GenCluster.Actors.Sweeps;

/// <summary>What is recorded of a sweep for those who watch the cluster.</summary>
internal sealed partial class SweepActor
{
    protected override void PostStop()
    {
        meters.Forget(sweep);
        base.PostStop();
    }

    private void Measure()
    {
        if (meters.IsRecorded)
            meters.Show(sweep, SweepTally.Of(State, number => views.GetValueOrDefault(number)?.Phase ?? TrialPhase.Pending));
    }

    private void Measure(TrialView view, TrialView? before)
    {
        if (!meters.IsRecorded || State.HasEnded || !Lives(view.Number))
            return;
        meters.Show(sweep, view, State.Spec!.Budget.MaxRestarts);
        if (view.Phase != before?.Phase)
            Measure();
    }

    private T Timed<T>(Func<T> decide)
    {
        long began = Stopwatch.GetTimestamp();
        var decided = decide();
        meters.Decided(began);
        return decided;
    }
}
