using GenCluster.Core.Sweeps;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;
using GenCluster.Training.Artifacts;

namespace GenCluster.Worker.Programs;

/// <summary>What the leader of a gang makes of what its program says: reports, files for people, checkpoints.</summary>
internal sealed class ProgramReports : IDisposable
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(250);

    private readonly ITrialObserver observer;
    private readonly ProgramCheckpoints checkpoints;
    private readonly ProgramFolders folders;
    private readonly TimeProvider clock;
    private readonly ObjectiveSpec objective;
    private readonly ReportBook book;
    private readonly TrialArtifacts artifacts;
    private readonly HashSet<int> journalled;
    private readonly int until;
    private long progressAt;
    private int progressStep;

    /// <param name="step">Where the program goes on from.</param>
    public ProgramReports(TrialOrder order, ProgramFolders folders, int step, ProgramCheckpoints checkpoints, ITrialObserver observer, TimeProvider clock)
    {
        (this.folders, this.checkpoints, this.observer, this.clock) = (folders, checkpoints, observer, clock);
        var command = order.Definition.Command!;
        objective = order.Definition.Objective;
        journalled = [.. order.Reported ?? []];
        until = order.Until ?? int.MaxValue;
        book = new ReportBook(objective.Metric, command.Resource, command.Metrics is MetricsSource.Wandb, step, until);
        artifacts = new TrialArtifacts(folders.Trial, clock);
        artifacts.ResumeAt(step > 0 ? step : -1);
        (progressAt, progressStep) = (clock.GetTimestamp(), step);
    }

    /// <summary>Of the newest report.</summary>
    public int Step => book.Step;

    /// <summary>Whether there was a report since the program was started.</summary>
    public bool MadeProgress { get; private set; }

    /// <summary>Whether there was a value of the objective, in this attempt or before.</summary>
    public bool HasObjective => MadeProgress || journalled.Count > 0;

    /// <summary>Whether the program has come to the milestone of its order, and is to wait for others.</summary>
    public bool HasArrived => until <= book.Step;

    /// <summary>Takes values; whatever they complete is told, and the checkpoint folder is stored as it is.</summary>
    /// <returns>Why the trial cannot go on; null when it can.</returns>
    public RunOutcome.Broken? Hear(IReadOnlyList<Metric> values)
    {
        if (HasArrived || book.Hear(values) is not { } report)
            return null; // what it says after the milestone it will say again
        double value = report.Find(objective.Metric)!.Value;
        if (!double.IsFinite(value))
            return new RunOutcome.Broken(FailureClass.NonFinite, $"'{objective.Metric}' is {value} at step {report.Step}");
        MadeProgress = true;
        if (HasArrived)
            book.TakeWaiting();
        if (book.Waiting is null)
            Tell(report);
        ShowProgress(report);
        return null;
    }

    /// <summary>Stores the checkpoint folder if there was a report since that was done.</summary>
    public void KeepCheckpoint()
    {
        if (MadeProgress && !HasArrived) // what it saves when it is asked to end belongs to the milestone
            checkpoints.Keep(folders.Checkpoint, book.Step);
    }

    /// <summary>Tells the newest report, if it waits, and stores the checkpoint folder as it was left.</summary>
    public void Conclude()
    {
        if (book.TakeWaiting() is { } report)
            Tell(report);
        if (MadeProgress)
            observer.Progressed(new StepProgress(book.Step, 0, []));
        checkpoints.AtEnd(folders.Checkpoint, book.Step);
    }

    public void Dispose() => artifacts.Dispose();

    private void Tell(MetricReport report)
    {
        artifacts.AppendMetrics(report.Step, report.Metrics);
        if (!journalled.Contains(report.Step))
            observer.Evaluated(report, null);
    }

    private void ShowProgress(MetricReport report)
    {
        var elapsed = clock.GetElapsedTime(progressAt);
        if (elapsed < ProgressInterval)
            return;
        observer.Progressed(new StepProgress(report.Step, Math.Max(0, report.Step - progressStep) / elapsed.TotalSeconds, report.Metrics));
        (progressAt, progressStep) = (clock.GetTimestamp(), report.Step);
    }
}
