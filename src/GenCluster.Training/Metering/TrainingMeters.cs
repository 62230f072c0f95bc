using System.Diagnostics;
using GenCluster.Collectives.Gangs;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Metrics;
using GenCluster.Training.Loop;

namespace GenCluster.Training.Metering;

/// <summary>What training records of itself, in a process that runs one trial at a time.</summary>
public sealed class TrainingMeters
{
    private readonly IMetricSeries steps, samples, waits, corrupt, store, load;
    private readonly IMetricSeries[] phases;
    private readonly Dictionary<Transport, IMetricSeries> sums;
    private readonly IMetricSeries alone;
    private readonly SeriesBy<CheckpointFailure> failures;
    private IMetricSeries sum;
    private long waitsSince; // a timestamp; 0 while nothing is waited for

    public TrainingMeters(IMetricRecorder recorder)
    {
        Recorder = recorder;
        steps = recorder.Series(MetricCatalogue.Steps);
        samples = recorder.Series(MetricCatalogue.Samples);
        waits = recorder.Series(MetricCatalogue.AllReduceWaitSeconds);
        phases = [.. Enum.GetNames<StepPhase>().Select(phase => recorder.Series(MetricCatalogue.StepSeconds, phase.ToLowerInvariant()))];
        sum = alone = recorder.Series(MetricCatalogue.AllReduceSeconds, "solo");
        sums = new[] { Transport.SharedMemory, Transport.Unix, Transport.Tcp }.ToDictionary(by => by, by => recorder.Series(MetricCatalogue.AllReduceSeconds, MetricLabel.ValueOf(by)));
        store = recorder.Series(MetricCatalogue.CheckpointSeconds, "store");
        load = recorder.Series(MetricCatalogue.CheckpointSeconds, "load");
        corrupt = recorder.Series(MetricCatalogue.BlobCorrupt);
        failures = new SeriesBy<CheckpointFailure>(recorder, MetricCatalogue.CheckpointFailures);
        var inFlight = recorder.Series(MetricCatalogue.AllReduceInFlightSeconds);
        recorder.BeforeReading(() => inFlight.Record(Volatile.Read(ref waitsSince) is var since and not 0 ? Stopwatch.GetElapsedTime(since).TotalSeconds : 0));
    }

    /// <summary>Records nothing.</summary>
    public static TrainingMeters None { get; } = new(IMetricRecorder.None);

    internal IMetricRecorder Recorder { get; }

    /// <summary>Records how long it takes to store or load, and why that failed.</summary>
    internal T Stores<T>(Func<T> act) => Timed(store, act);

    /// <inheritdoc cref="Stores"/>
    internal void Loads(Action act) => Timed(load, () =>
    {
        act();
        return true;
    });

    /// <summary>This gang sums from now on. The slowest way to a member is the one that counts.</summary>
    internal void Join(IGang gang)
    {
        var slowest = Enumerable.Range(0, gang.Plan.Members).Max(gang.TransportTo);
        sum = sums.GetValueOrDefault(slowest, alone);
    }

    /// <summary>A sum is waited for.</summary>
    internal void Waits(long timestamp) => Volatile.Write(ref waitsSince, timestamp);

    internal void WaitsNoMore() => Volatile.Write(ref waitsSince, 0);

    /// <summary>It is there.</summary>
    internal void Summed(long ticks)
    {
        WaitsNoMore();
        sum.Record(StepClock.Seconds(ticks));
    }

    /// <summary>Steps are finished: mostly one.</summary>
    /// <param name="waited">For the last member's gradients.</param>
    internal void Step(int finished, StepClock time, TimeSpan waited)
    {
        steps.Record(finished);
        samples.Record(time.Samples);
        waits.Record(waited.TotalSeconds);
        for (int phase = 0; phase < phases.Length; phase++)
            phases[phase].Record(time.SecondsIn((StepPhase)phase));
    }

    private T Timed<T>(IMetricSeries series, Func<T> act)
    {
        long began = Stopwatch.GetTimestamp();
        try
        {
            return act();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            if (e is CorruptBlobException)
                corrupt.Record();
            failures[CauseOf(e)].Record();
            throw;
        }
        finally
        {
            series.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
        }
    }

    private static CheckpointFailure CauseOf(Exception e) => e switch
    {
        CorruptBlobException => CheckpointFailure.Corrupt,
        IOException or UnauthorizedAccessException => CheckpointFailure.Storage,
        TrainingFailedException => CheckpointFailure.Unfit,
        _ => CheckpointFailure.Other,
    };
}
