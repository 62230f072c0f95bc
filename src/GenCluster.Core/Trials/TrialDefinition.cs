using GenCluster.Core.Identity;
using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;
using MessagePack;

namespace GenCluster.Core.Trials;

/// <summary>
/// Everything that determines a trial's result, and what it may run on and cost: two runs of equal definitions give the same bits.
/// </summary>
/// <param name="Settings">A value for every hyperparameter of the model: the file's, overlaid by the search's.</param>
/// <param name="MaxRestarts">How often it is begun again after failures of its own doing.</param>
/// <param name="Command">The program that is run; null: a model of the zoo is trained.</param>
/// <param name="Origin">The checkpoint of another trial that it begins from; null: it begins anew.</param>
[MessagePackObject]
public sealed record TrialDefinition(
    [property: Key(0)] TrialId Trial,
    [property: Key(1)] string Model,
    [property: Key(2)] Assignment Settings,
    [property: Key(3)] DataSpec Data,
    [property: Key(4)] TrainingSpec Training,
    [property: Key(5)] EvaluationSpec Evaluation,
    [property: Key(6)] ObjectiveSpec Objective,
    [property: Key(7)] ResourceSpec Resources,
    [property: Key(8)] int MaxRestarts = 0,
    [property: Key(9)] CommandSpec? Command = null,
    [property: Key(10)] TrialOrigin? Origin = null)
{
    public static TrialDefinition Of(SweepSpec spec, TrialId trial, Assignment assignment, TrialOrigin? origin = null) => new(
        trial, spec.Trainable.Model, spec.Trainable.Settings.With(assignment),
        spec.Data, spec.Training, spec.Evaluation, spec.Objective, spec.Resources, spec.Budget.MaxRestarts, spec.Trainable.Command, origin);
}
