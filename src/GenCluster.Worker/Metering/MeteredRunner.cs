using GenCluster.Core.Checkpoints;
using GenCluster.Core.Metrics;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;

namespace GenCluster.Worker.Metering;

/// <summary>Records what runs say of themselves, whatever they are, and passes it on.</summary>
internal sealed class MeteredRunner(ITrialRunner runner, IMetricRecorder recorder, TimeProvider clock) : ITrialRunner
{
    private readonly IMetricSeries nonFinite = recorder.Series(MetricCatalogue.GanNonFinite);

    public RunOutcome Run(TrialOrder order, ITrialObserver observer, RunControl control)
    {
        using var meters = new RunMeters(recorder, order.Definition, clock);
        meters.Begin(leads: order.Member == 0);
        var outcome = runner.Run(order, new Listening(order, observer, control, meters), control);
        if (outcome is RunOutcome.Broken { Failure: FailureClass.NonFinite })
            nonFinite.Record();
        return outcome;
    }

    private sealed class Listening(TrialOrder first, ITrialObserver observer, RunControl control, RunMeters meters) : ITrialObserver
    {
        public void Started(int step)
        {
            meters.Begin(leads: (control.Taken ?? first).Member == 0);
            meters.Progressed(step);
            observer.Started(step);
        }

        public void Progressed(StepProgress progress)
        {
            meters.Progressed(progress.Step);
            meters.Lost(progress.Losses);
            observer.Progressed(progress);
        }

        public void Evaluated(MetricReport report, SamplePicture? picture)
        {
            meters.Progressed(report.Step);
            if (picture is not null && SampleDiversity.Of(picture, first.Definition.Data.ImageSize) is { } diversity)
                meters.Differs(diversity);
            observer.Evaluated(report, picture);
        }

        public void Checkpointed(CheckpointManifest manifest)
        {
            meters.Stored(manifest);
            observer.Checkpointed(manifest);
        }

        public void Measured(MemberMeasure measure)
        {
            meters.Takes(measure.SecondsPerShard);
            observer.Measured(measure);
        }

        public void Warned(string message) => observer.Warned(message);

        public void GangBroke(int? peer, string message) => observer.GangBroke(peer, message);

        public void Joined(int step) => observer.Joined(step);
    }
}
