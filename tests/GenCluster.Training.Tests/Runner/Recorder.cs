using GenCluster.Core.Checkpoints;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;

namespace GenCluster.Training.Tests.Runner;

/// <summary>Writes down what a run says, and lets a test step in where it happens.</summary>
internal sealed class Recorder : ITrialObserver
{
    public List<string> Heard { get; } = [];

    public List<CheckpointManifest> Checkpoints { get; } = [];

    public List<MetricReport> Reports { get; } = [];

    public List<string> Warnings { get; } = [];

    public List<StepProgress> Progress { get; } = [];

    public Action<int> OnEvaluated { get; init; } = _ => { };

    public Action<int> OnCheckpointed { get; init; } = _ => { };

    /// <summary>As a coordinator's journal gives them: the newest first.</summary>
    public CheckpointManifest[] Newest => [.. Enumerable.Reverse(Checkpoints)];

    public void Started(int step) => Heard.Add($"started {step}");

    public void Progressed(StepProgress progress) => Progress.Add(progress);

    public void Evaluated(MetricReport report, SamplePicture? picture)
    {
        Heard.Add($"evaluated {report.Step}");
        Reports.Add(report);
        OnEvaluated(report.Step);
    }

    public void Checkpointed(CheckpointManifest manifest)
    {
        Heard.Add($"checkpointed {manifest.Step}");
        Checkpoints.Add(manifest);
        OnCheckpointed(manifest.Step);
    }

    public void Warned(string message) => Warnings.Add(message);
}
