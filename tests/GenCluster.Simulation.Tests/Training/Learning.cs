using System.Collections.Immutable;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Trials;
using GenCluster.Simulation.Tests.Engine;
using MessagePack;

namespace GenCluster.Simulation.Tests.Training;

/// <summary>What a member of a gang holds.</summary>
/// <param name="Evaluated">Whether the evaluation after this step, if there is one, is done.</param>
internal sealed record ModelState(int Step, ulong Weights, bool Evaluated, ImmutableSortedDictionary<int, MetricReport> Reports);

/// <summary>
/// Training in which each step depends on all before it, and nothing on who computes it: any step that is left out, or
/// done twice, shows in the result.
/// </summary>
internal static class Learning
{
    public static ModelState Start(TrialDefinition definition)
    {
        ulong settings = StableHash.Of(MessagePackSerializer.Serialize(definition.Settings));
        ulong weights = StableHash.Mix(StableHash.Mix((ulong)definition.Training.Seed, (ulong)definition.Trial.Number), settings);
        return new ModelState(0, weights, false, ImmutableSortedDictionary<int, MetricReport>.Empty);
    }

    public static ModelState Train(ModelState state) =>
        state with { Step = state.Step + 1, Weights = StableHash.Mix(state.Weights, (ulong)state.Step), Evaluated = false };

    public static ModelState Evaluated(ModelState state, MetricReport report) => state with { Evaluated = true, Reports = state.Reports.SetItem(report.Step, report) };

    public static MetricReport Evaluate(TrialDefinition definition, ModelState state) =>
        new(state.Step, [new Metric(definition.Objective.Metric, state.Weights % 1_000_000 / 1e4)]);

    /// <summary>One trial in eight is one whose loss becomes NaN half way.</summary>
    public static bool Diverges(TrialDefinition definition, ModelState state) =>
        state.Step == (definition.Training.Steps / 2) + 1 && StableHash.Mix(Start(definition).Weights, 99) % 8 == 0;

    public static CheckpointManifest Manifest(ModelState state, long epoch) => new(state.Step, [new BlobRef("state", Sha256(state), sizeof(ulong), epoch)], "simulated");

    public static string Sha256(ModelState state) => string.Concat(Enumerable.Repeat($"{state.Weights:x16}", 4));

    /// <summary>What a trial comes to when nothing disturbs it.</summary>
    public static TrialOutcome Outcome(TrialDefinition definition)
    {
        var state = Start(definition);
        while (state.Step < definition.Training.Steps)
        {
            state = At(definition, state);
            if (Diverges(definition, state))
                return new TrialOutcome(TrialPhase.Failed, null, null, 0, "", FailureClass.NonFinite, "");
            state = Train(state);
        }

        state = At(definition, state);
        double Objective(int step) => state.Reports[step].Find(definition.Objective.Metric)!.Value;
        return new TrialOutcome(TrialPhase.Succeeded, Objective(definition.Training.Steps), Objective(0), state.Step, Sha256(state), null, "", Metrics: state.Reports.Values.Last().Metrics);
    }

    private static ModelState At(TrialDefinition definition, ModelState state) =>
        definition.Training.IsEvaluatedAt(state.Step) ? Evaluated(state, Evaluate(definition, state)) : state;
}
