using System.Diagnostics;
using GenCluster.Core.Identity;
using GenCluster.Core.Metrics;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;

namespace GenCluster.Actors.Metering;

/// <summary>How many sweeps and trials there are in which state, and how those do that live. Recorded by each sweep's own actor.</summary>
internal sealed class SweepMeters
{
    private readonly IMetricRecorder recorder;
    private readonly SeriesBy<SweepPhase> sweeps;
    private readonly SeriesBy<TrialPhase> trials;
    private readonly IMetricSeries decision;
    private readonly Lock gate = new(); // held to add up
    private readonly Dictionary<SweepId, SweepTally> known = [];

    public SweepMeters(IMetricRecorder recorder)
    {
        this.recorder = recorder;
        sweeps = new SeriesBy<SweepPhase>(recorder, MetricCatalogue.Sweeps);
        trials = new SeriesBy<TrialPhase>(recorder, MetricCatalogue.Trials);
        decision = recorder.Series(MetricCatalogue.SchedulerDecisionSeconds, "sweep");
    }

    /// <summary>Whether anybody looks at these numbers: else they need not be made.</summary>
    public bool IsRecorded => recorder != IMetricRecorder.None;

    /// <summary>It was decided what happens next in a sweep.</summary>
    /// <param name="beganAt">A timestamp.</param>
    public void Decided(long beganAt) => decision.Record(Stopwatch.GetElapsedTime(beganAt).TotalSeconds);

    public void Show(SweepId sweep, SweepTally tally)
    {
        Count(() => known[sweep] = tally);
        if (tally.Phase is SweepPhase.Succeeded or SweepPhase.Failed or SweepPhase.Cancelled)
        {
            recorder.Forget(sweep.Value);
            return;
        }

        new SeriesBy<TrialPhase>(recorder, MetricCatalogue.SweepTrials, sweep.Value).RecordCounts(tally.Trials);
        recorder.Series(MetricCatalogue.SweepDeviceSeconds, sweep.Value).Record(tally.DeviceSeconds);
        if (tally.Best is { } best)
            recorder.Series(MetricCatalogue.SweepBestObjective, sweep.Value).Record(best);
    }

    /// <summary>A trial that has not ended.</summary>
    /// <param name="restarts">Those that it may use up.</param>
    public void Show(SweepId sweep, TrialView trial, int restarts)
    {
        Record(MetricCatalogue.TrialStep, trial.Step);
        Record(MetricCatalogue.TrialSteps, trial.Steps);
        Record(MetricCatalogue.TrialWorkers, trial.Gang.Count);
        Record(MetricCatalogue.TrialRestarts, trial.Restarts);
        Record(MetricCatalogue.TrialRestartsAllowed, restarts);
        if (trial.Objective is { } objective)
            Record(MetricCatalogue.TrialObjective, objective);

        void Record(MetricDefinition metric, double value) => recorder.Series(metric, sweep.Value, $"{trial.Number}").Record(value);
    }

    /// <summary>A trial has ended.</summary>
    public void Ended(SweepId sweep, int trial) => recorder.Forget(sweep.Value, trial);

    /// <summary>The coordinator that knew the sweep rules from here no more.</summary>
    public void Forget(SweepId sweep)
    {
        Count(() => known.Remove(sweep));
        recorder.Forget(sweep.Value);
    }

    private void Count(Action change)
    {
        lock (gate)
        {
            change();
            sweeps.RecordCounts(known.Values.CountBy(tally => tally.Phase).ToDictionary());
            trials.RecordCounts(known.Values.SelectMany(tally => tally.Trials).GroupBy(count => count.Key, count => count.Value).ToDictionary(g => g.Key, g => g.Sum()));
        }
    }
}
