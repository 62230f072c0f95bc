using System.Text;
using GenCluster.Configuration;
using GenCluster.Core.Identity;
using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Search.Planning;
using GenCluster.Search.Sampling;

namespace GenCluster.Search.Tests.Planning;

public sealed class SweepPlannerTests
{
    private static readonly SweepSpec Spec = SweepFile.Parse("sweep.yaml", Encoding.UTF8.GetBytes("""
        apiVersion: gencluster/v1
        kind: Sweep
        name: planned
        trainable: {model: vae, latent: 8}
        training: {steps: 1001, batchSize: 64, shards: 4, evaluateEvery: 250, checkpointEvery: 1000, seed: 3}
        search: {maxTrials: 5, parallelTrials: 2}
        parameters: {klWeight: {min: 0.1, max: 10}}
        resources: {workers: {min: 1, max: 2}}
        """)).Spec!;

    [Fact]
    public void Says_what_each_trial_runs()
    {
        var plan = SweepPlanner.Plan(Spec, new RandomSampler(), first: 3);

        (plan.Name, plan.Trials, plan.ParallelTrials).ShouldBe(("planned", 5, 2));
        plan.Work.ShouldBe(new TrialWork(
            Steps: 1001, BatchSize: 64, Shards: 4, SamplesPerShard: 16, Samples: 64_064, MinWorkers: 1, MaxWorkers: 2, Evaluations: 5, Checkpoints: 2));
    }

    [Fact]
    public void Counts_the_samples_of_all_batches_of_an_update()
    {
        var spec = Spec with { Training = Spec.Training with { Accumulate = 4 } };

        SweepPlanner.Plan(spec, new RandomSampler(), first: 1).Work.Samples.ShouldBe(4 * 64_064);
    }

    [Fact]
    public void Lists_the_first_trials_with_all_their_hyperparameters()
    {
        var trials = SweepPlanner.Plan(Spec, new RandomSampler(), first: 3).First;

        trials.Select(t => t.Definition.Trial).ShouldBe(Enumerable.Range(1, 3).Select(n => new TrialId(new SweepId("planned"), n)));
        trials.ShouldAllBe(t => t.Definition.Settings["latent"] == ParameterValue.Of(8) && t.Definition.Settings["klWeight"] == t.Proposal.Assignment["klWeight"]);
    }

    [Fact]
    public void Lists_exactly_what_the_sweep_will_propose_one_by_one()
    {
        var records = new List<TrialRecord>();
        foreach (var planned in SweepPlanner.Plan(Spec, new RandomSampler(), first: 5).First)
        {
            var proposed = new RandomSampler().Propose(new SearchHistory(Spec.Parameters, Spec.Objective, records), 1, Spec.Random())[0];
            proposed.ShouldBe(planned.Proposal);
            records.Add(new TrialRecord(proposed.Number, proposed.Assignment, null));
        }
    }

    [Fact]
    public void Lists_no_more_trials_than_there_are()
    {
        SweepPlanner.Plan(Spec, new RandomSampler(), first: 100).First.Count.ShouldBe(5);
    }
}
