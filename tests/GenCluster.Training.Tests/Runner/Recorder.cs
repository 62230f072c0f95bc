using System.Globalization;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;

namespace GenCluster.Training.Tests.Runner;

/// <summary>Writes down what a run says, and lets a test step in where it happens.</summary>
internal sealed class Recorder : ITrialObserver
{
    private int starts;
    private int joins;

    public List<string> Heard { get; } = [];

    public List<CheckpointManifest> Checkpoints { get; } = [];

    public List<MetricReport> Reports { get; } = [];

    public List<string> Warnings { get; } = [];

    public List<StepProgress> Progress { get; } = [];

    /// <summary>The first outcome of a run.</summary>
    public TaskCompletionSource<RunOutcome> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when a gang broke.</summary>
    public TaskCompletionSource HasBroken { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How often a gang was at work with this member; may be read while it runs.</summary>
    public int Starts => Volatile.Read(ref starts);

    /// <summary>How often this worker held the state of a gang that it follows; may be read while it runs.</summary>
    public int Joins => Volatile.Read(ref joins);

    /// <summary>Done when a joiner holds the state.</summary>
    public TaskCompletionSource<int> HasJoined { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Action<int> OnEvaluated { get; set; } = _ => { };

    public Action<int> OnCheckpointed { get; set; } = _ => { };

    /// <summary>As a coordinator's journal gives them: the newest first.</summary>
    public CheckpointManifest[] Newest => [.. Enumerable.Reverse(Checkpoints)];

    public void Started(int step)
    {
        Heard.Add($"started {step}");
        Interlocked.Increment(ref starts);
    }

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

    public void GangBroke(int? peer, string message)
    {
        Heard.Add($"broke by {peer?.ToString(CultureInfo.InvariantCulture) ?? "nobody"}");
        HasBroken.TrySetResult();
    }

    public void Joined(int step)
    {
        Heard.Add($"joined {step}");
        Interlocked.Increment(ref joins);
        HasJoined.TrySetResult(step);
    }
}
