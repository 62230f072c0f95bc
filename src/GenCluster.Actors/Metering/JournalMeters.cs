using System.Diagnostics;
using Akka.Pattern;
using GenCluster.Core.Metrics;
using GenCluster.Core.Trials;

namespace GenCluster.Actors.Metering;

/// <summary>How the journal does, and what the events tell that are written to it.</summary>
internal sealed class JournalMeters
{
    private readonly IMetricRecorder recorder;
    private readonly IMetricSeries persist, planned;
    private readonly Dictionary<string, IMetricSeries> recoveries;
    private readonly SeriesBy<JournalOperation> failures;
    private readonly SeriesBy<FailureClass> reassignments;

    public JournalMeters(IMetricRecorder recorder)
    {
        this.recorder = recorder;
        persist = recorder.Series(MetricCatalogue.JournalPersistSeconds);
        recoveries = MetricCatalogue.RecoverySeconds.Labels[0].Values!.ToDictionary(actor => actor, actor => recorder.Series(MetricCatalogue.RecoverySeconds, actor));
        failures = new SeriesBy<JournalOperation>(recorder, MetricCatalogue.JournalFailures);
        reassignments = new SeriesBy<FailureClass>(recorder, MetricCatalogue.Reassignments);
        planned = recorder.Series(MetricCatalogue.Reassignments, "planned");
    }

    /// <summary>An event is in the journal.</summary>
    /// <param name="decidedAt">A timestamp.</param>
    public void Persisted(object happened, long decidedAt)
    {
        persist.Record(Stopwatch.GetElapsedTime(decidedAt).TotalSeconds);
        switch (happened)
        {
            case TrialConcluded { Outcome: var outcome }:
                recorder.Series(MetricCatalogue.TrialsFinished, MetricLabel.ValueOf(outcome.Phase), outcome.Failure is { } failure ? MetricLabel.ValueOf(failure) : "none").Record();
                break;
            case LeaseEnded ended:
                reassignments[ended.Cause].Record();
                break;
            case GangChanged { Cause: { } cause }:
                reassignments[cause].Record();
                break;
            case GangChanged:
                planned.Record();
                break;
        }
    }

    /// <summary>An actor has read its journal.</summary>
    /// <param name="persistenceId">Begins with its kind: <c>trial-gan-7</c>.</param>
    public void Recovered(string persistenceId, long beganAt)
    {
        if (recoveries.TryGetValue(persistenceId.Split('-', 2)[0], out var series))
            series.Record(Stopwatch.GetElapsedTime(beganAt).TotalSeconds);
    }

    public void CannotWrite() => failures[JournalOperation.Write].Record();

    // Akka.Persistence tells of two writers by this exception alone, and by these words.
    public void CannotRead(Exception reason) =>
        failures[reason is IllegalStateException && reason.Message.StartsWith("Invalid replayed event", StringComparison.Ordinal) ? JournalOperation.ReplayFilter : JournalOperation.Read].Record();
}
