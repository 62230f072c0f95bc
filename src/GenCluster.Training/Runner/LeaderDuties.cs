using GenCluster.Core.Checkpoints;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;
using GenCluster.Training.Checkpoints;
using GenCluster.Training.Evaluation;
using GenCluster.Training.Loop;
using GenCluster.Training.Tracing;

namespace GenCluster.Training.Runner;

/// <summary>
/// What the leader of a gang does between steps, while the others wait in the next sum: it evaluates, writes what people
/// look at, and stores checkpoints. An evaluation always comes before the checkpoint of the same step, so a run that
/// resumes there need not repeat it.
/// </summary>
/// <remarks>
/// The others cannot get further than the first update of a step before the leader has done its duties for it. So a
/// member that takes over does at most those of one step again, and they come out the same.
/// </remarks>
internal sealed class LeaderDuties(
    TrialOrder order, TrainingState state, ITrainingData data, IEvaluator evaluator, ITrialArtifacts artifacts,
    CheckpointKeeper checkpoints, PictureQueue pictures, ITrialObserver observer, RunControl control) : IDisposable
{
    private const int LossRows = 200; // rows of losses for a whole trial, about

    private readonly TrialDefinition definition = order.Definition;
    private readonly int lossesEvery = Math.Max(1, order.Definition.Training.Steps / LossRows);
    private int checkpointedAt = order.Checkpoints.Any(manifest => manifest.Step == state.Step) ? state.Step : 0;

    /// <summary>Whether the duties of the last step may be undone: the one who led before may have died over them.</summary>
    private bool LossesAreOpen => state.Position.Operation == 1 && state.Losses.Count > 0 && !definition.Training.IsEvaluatedAt(state.Step);

    /// <summary>Takes over where the state is: what was written for later steps goes, and what may not have been heard is said again.</summary>
    public void Begin()
    {
        control.WaitUntilConfirmed(); // files are taken over from whoever led before; never from one who leads by now
        bool open = state.Position.Operation == 0 || LossesAreOpen;
        int last = open ? state.Step - 1 : state.Step;
        artifacts.ResumeAt(last);
        pictures.ResumeAt(last);
        pictures.WriteTo(artifacts);
        checkpoints.RemoveOld();
        foreach (var report in state.Reports.Where(report => !order.Reported.Contains(report.Step)))
            observer.Evaluated(report, null);
    }

    /// <summary>Evaluates the state as it is.</summary>
    public MetricReport Evaluate()
    {
        Trace(TrainingTrace.Evaluate);
        IReadOnlyList<Metric> measured;
        SamplePicture picture;
        using (state.Sampling())
        {
            measured = evaluator.Evaluate(state.Model, state.Step);
            picture = SampleGrid.Draw(state.Model, data.Channels, data.Size, unchecked((ulong)definition.Training.Seed), state.Device);
        }

        control.Aborted.ThrowIfCancellationRequested();
        Metric[] metrics = [.. measured.Concat(state.Losses).OrderBy(metric => metric.Name, StringComparer.Ordinal)];
        var report = new MetricReport(state.Step, metrics);
        artifacts.AppendMetrics(state.Step, metrics);
        pictures.Add(state.Step, picture);
        pictures.WriteTo(artifacts);
        observer.Evaluated(report, picture);
        return report;
    }

    /// <summary>What is due after a step and its evaluation.</summary>
    public void AfterStep()
    {
        control.Aborted.ThrowIfCancellationRequested();
        pictures.WriteTo(artifacts);
        if (LossesAreOpen && state.Step % lossesEvery == 0)
            artifacts.AppendMetrics(state.Step, state.Losses);
        if (definition.Training.IsCheckpointedAt(state.Step))
            Checkpoint();
    }

    /// <summary>Stores the state, unless that is done already.</summary>
    public void Checkpoint()
    {
        control.Aborted.ThrowIfCancellationRequested();
        if (checkpointedAt == state.Step)
            return;
        Trace(TrainingTrace.Checkpoint);
        var manifest = checkpoints.Save(state);
        checkpointedAt = state.Step;
        Trace(TrainingTrace.Manifest);
        observer.Checkpointed(manifest);
        checkpoints.RemoveOld();
    }

    public void Finish()
    {
        control.WaitUntilConfirmed();
        pictures.WriteTo(artifacts);
        artifacts.WriteWeights(stream => WeightsFile.Write(state, stream));
    }

    public void Dispose() => artifacts.Dispose();

    private void Trace(string phase) => TrainingTrace.Log.Phase(state.Step, update: -1, phase);
}
