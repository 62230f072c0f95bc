using GenCluster.Core.Identity;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Search.Sampling;
using GenCluster.Search.Sweeps;

namespace GenCluster.Search.Planning;

/// <summary>What a sweep will do, before it does anything.</summary>
/// <param name="Trials">Trials in all: fewer than the file allows where a grid has no more combinations.</param>
/// <param name="ParallelTrials">Trials at a time.</param>
/// <param name="Work">What every trial runs.</param>
/// <param name="First">The first trials, in order: exactly what the sweep will run.</param>
public sealed record SweepPlan(string Name, int Trials, int ParallelTrials, TrialWork Work, IReadOnlyList<PlannedTrial> First);

/// <summary>A trial that will be run.</summary>
/// <param name="Proposal">Its number and the values that the search chose.</param>
/// <param name="Definition">All that determines its result, with the fixed hyperparameters too.</param>
public sealed record PlannedTrial(Proposal Proposal, TrialDefinition Definition);

/// <summary>The amount of work of one trial.</summary>
/// <param name="SamplesPerShard">Samples of a step in one shard.</param>
/// <param name="Samples">Training samples seen in all; the same image may be seen often.</param>
/// <param name="Evaluations">Evaluations after training steps, the last one included; one of the untrained weights comes on top.</param>
/// <param name="Checkpoints">Checkpoints after training steps, the last one included.</param>
public sealed record TrialWork(
    int Steps, int BatchSize, int Shards, int SamplesPerShard, long Samples, int MinWorkers, int MaxWorkers, int Evaluations, int Checkpoints);

/// <summary>Says what a sweep will do. Pure; nothing is started and nothing is read.</summary>
public static class SweepPlanner
{
    /// <param name="first">How many trials to list; a sampler that learns can tell no more than those that start at once.</param>
    public static SweepPlan Plan(SweepSpec spec, ISampler sampler, int first)
    {
        var sweep = new SweepId(spec.Name);
        var nothingYet = SweepSearch.HistoryOf(SweepDecider.Apply(SweepState.New(sweep), new SweepSubmitted(sweep, spec)));
        bool isFinite = sampler is GridSampler or SeedsFirst { Then: GridSampler }; // which waits for no result
        var proposals = sampler.Propose(nothingYet, isFinite ? spec.Search.MaxTrials : Math.Min(first, spec.Search.MaxTrials), spec.Random());
        return new SweepPlan(
            spec.Name, isFinite ? proposals.Count : spec.Search.MaxTrials, spec.Search.ParallelTrials, WorkOf(spec),
            [.. proposals.Take(first).Select(p => new PlannedTrial(p, TrialDefinition.Of(spec, new TrialId(sweep, p.Number), p.Assignment)))]);
    }

    /// <summary>The random numbers of a sweep's search. Whoever proposes trials of a sweep takes these, so that a plan is what runs.</summary>
    public static SearchRandom Random(this SweepSpec spec) => new((ulong)spec.Training.Seed);

    private static TrialWork WorkOf(SweepSpec spec)
    {
        var training = spec.Training;
        return new TrialWork(
            training.Steps, training.BatchSize, training.Shards, training.BatchSize / training.Shards, (long)training.Steps * training.Accumulate * training.BatchSize,
            spec.Resources.MinWorkers, spec.Resources.MaxWorkers,
            Times(training.Steps, training.EvaluateEvery), Times(training.Steps, training.CheckpointEvery));
    }

    /// <summary>How often something happens that comes every so many steps and after the last one.</summary>
    private static int Times(int steps, int every) => (int)(((long)steps + every - 1) / every);
}
