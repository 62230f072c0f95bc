using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using GenCluster.Core.Metrics;
using GenCluster.Core.Trials;

namespace GenCluster.Worker.Metering;

/// <summary>What is recorded of one run, and goes when it is over.</summary>
internal sealed class RunMeters(IMetricRecorder recorder, TrialDefinition definition, TimeProvider clock) : IDisposable
{
    private static readonly string[] Phases = [.. MetricCatalogue.Loss.Labels[^1].Values!];

    private readonly TrialId trial = definition.Trial;
    private readonly string? loss = definition.Settings.Find("loss")?.Text;
    private readonly double startedAt = clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;

    private double Now => clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;

    /// <summary>The run goes by another order; what it recorded as a leader, say, may not be its to record any more.</summary>
    public void Begin(bool leads)
    {
        recorder.Forget(trial.Sweep.Value, trial.Number);
        Record(MetricCatalogue.RunStarted, startedAt);
        Record(MetricCatalogue.LastProgress, Now);
        if (leads && definition.Command is null)
            Record(MetricCatalogue.CheckpointIntervalSteps, definition.Training.CheckpointEvery);
    }

    public void Progressed(int step)
    {
        Record(MetricCatalogue.RunStep, step);
        Record(MetricCatalogue.LastProgress, Now);
    }

    public void Lost(IEnumerable<Metric> losses)
    {
        foreach (var (name, value) in losses)
        {
            int dot = name.LastIndexOf('.');
            string phase = dot < 0 ? "" : name[..dot];
            if (dot >= 0 && name[(dot + 1)..] == "loss")
                Record(MetricCatalogue.Loss, value, Phases.Contains(phase) ? phase : "other");
            Watch(name, value);
        }
    }

    public void Stored(CheckpointManifest manifest)
    {
        recorder.Series(MetricCatalogue.CheckpointBytes).Record(manifest.Blobs.Sum(blob => blob.Length));
        Record(MetricCatalogue.CheckpointLastSuccess, Now);
    }

    public void Takes(double secondsPerShard) => Record(MetricCatalogue.ShardSeconds, secondsPerShard);

    public void Differs(double diversity) => Record(MetricCatalogue.GanSampleDiversity, diversity);

    public void Dispose() => recorder.Forget(trial.Sweep.Value, trial.Number);

    private void Watch(string name, double value)
    {
        switch (name)
        {
            case "generator.loss":
                Record(MetricCatalogue.GanLoss, value, "g");
                break;
            case "discriminator.loss":
                Record(MetricCatalogue.GanLoss, value, "d");
                break;
            case "discriminator.real" or "discriminator.fake" when DiscriminatorScore.ToProbability(loss, value) is { } score:
                Record(MetricCatalogue.GanScore, score, name["discriminator.".Length..]);
                break;
        }
    }

    private void Record(MetricDefinition metric, double value, params ReadOnlySpan<string> more) =>
        recorder.Series(metric, [trial.Sweep.Value, $"{trial.Number}", .. more]).Record(value);
}
