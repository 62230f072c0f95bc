using System.Diagnostics;
using GenCluster.Actors.Metering;
using GenCluster.Actors.Protocol;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;

namespace GenCluster.Actors.Sweeps;

/// <summary>What is recorded of a sweep for those who watch the cluster.</summary>
internal sealed partial class SweepActor
{
    private const int CountedAtOnce = 256;
    private static readonly TimeSpan MeasureInterval = TimeSpan.FromSeconds(1);

    protected override void PostStop()
    {
        meters.Forget(sweep);
        base.PostStop();
    }

    /// <summary>Counting costs as much as there are trials, so a large sweep is counted once for many changes.</summary>
    private void MeasureSoon()
    {
        if (State.Trials.Count <= CountedAtOnce || State.HasEnded)
            Measure();
        else if (meters.IsRecorded && !Timers.IsTimerActive(MeasureNow.Instance))
            Timers.StartSingleTimer(MeasureNow.Instance, MeasureNow.Instance, MeasureInterval);
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
            MeasureSoon();
    }

    private T Timed<T>(Func<T> decide)
    {
        long began = Stopwatch.GetTimestamp();
        var decided = decide();
        meters.Decided(began);
        return decided;
    }

    private sealed record MeasureNow : ILocal
    {
        public static readonly MeasureNow Instance = new();
    }
}
