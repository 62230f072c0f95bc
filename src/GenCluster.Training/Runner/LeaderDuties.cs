using GenCluster.Core.Checkpoints;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;
using GenCluster.Training.Checkpoints;
using GenCluster.Training.Evaluation;
using GenCluster.Training.Loop;
using GenCluster.Training.Models;

namespace GenCluster.Training.Runner;

/// <summary>
/// What the leader of a gang does between steps, while the others wait in the next sum: it evaluates, writes what people
/// look at, and stores checkpoints. An evaluation always comes before the checkpoint of the same step, so a run that
/// resumes there need not repeat it.
/// </summary>
internal sealed class LeaderDuties(
    TrialDefinition definition, TrainingState state, ITrainingData data, IEvaluator evaluator, ITrialArtifacts artifacts,
    CheckpointKeeper checkpoints, ITrialObserver observer, CancellationToken aborted) : IDisposable
{
    private const int LossRows = 200; // rows of losses for a whole trial, about

    private readonly int lossesEvery = Math.Max(1, definition.Training.Steps / LossRows);
    private int checkpointedAt;

    /// <summary>Begins after the checkpoint that was loaded, or with the untrained weights.</summary>
    public void Begin(CheckpointManifest? loaded)
    {
        artifacts.ResumeAt(loaded?.Step ?? -1);
        checkpoints.RemoveOld();
        checkpointedAt = state.Step;
        if (loaded is null)
            Evaluate([]);
    }

    public void AfterStep(StepResult result)
    {
        aborted.ThrowIfCancellationRequested();
        if (IsDue(definition.Training.EvaluateEvery))
            Evaluate(result.Losses);
        else if (state.Step % lossesEvery == 0)
            artifacts.AppendMetrics(state.Step, result.Losses);

        if (IsDue(definition.Training.CheckpointEvery))
            Checkpoint();
    }

    /// <summary>Stores the state, unless that is done already.</summary>
    public void Checkpoint()
    {
        aborted.ThrowIfCancellationRequested();
        if (checkpointedAt == state.Step)
            return;
        var manifest = checkpoints.Save(state);
        checkpointedAt = state.Step;
        observer.Checkpointed(manifest);
        checkpoints.RemoveOld();
    }

    public void Finish() => artifacts.WriteWeights(stream => WeightsFile.Write(state, stream));

    public void Dispose()
    {
        artifacts.Dispose();
        evaluator.Dispose();
    }

    private bool IsDue(int every) => state.Step == definition.Training.Steps || (every > 0 && state.Step % every == 0);

    private void Evaluate(IReadOnlyList<Metric> losses)
    {
        IReadOnlyList<Metric> measured;
        SamplePicture picture;
        using (state.Sampling())
        {
            measured = evaluator.Evaluate(state.Model, state.Step);
            picture = SampleGrid.Draw(state.Model, data.Channels, data.Size, unchecked((ulong)definition.Training.Seed), state.Device);
        }

        aborted.ThrowIfCancellationRequested();
        Metric[] metrics = [.. measured.Concat(losses).OrderBy(metric => metric.Name, StringComparer.Ordinal)];
        artifacts.AppendMetrics(state.Step, metrics);
        artifacts.WriteSamples(state.Step, picture);
        observer.Evaluated(new MetricReport(state.Step, metrics), picture);
    }
}
