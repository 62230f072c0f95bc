using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;
using GenCluster.Training.Tests.Loop;

namespace GenCluster.Training.Tests.Runner;

/// <summary>Runs to a milestone and on, and runs that begin from another trial's checkpoint. All of it is exact.</summary>
public sealed class MilestoneTests : IDisposable
{
    private static readonly TrialDefinition Definition = ToyTrial.Definition with { Training = ToyTraining.Spec with { Steps = 12, EvaluateEvery = 3, CheckpointEvery = 4 } };

    private readonly ToyTrial through = new();
    private readonly ToyTrial trial = new();

    public void Dispose()
    {
        through.Dispose();
        trial.Dispose();
    }

    [Fact]
    public void A_run_ends_exactly_at_its_milestone_evaluated_and_stored()
    {
        var recorder = new Recorder();
        trial.Until = 6;

        trial.Run(recorder, definition: Definition).ShouldBe(new RunOutcome.Drained(6));

        recorder.Heard.ShouldBe(["started 0", "evaluated 0", "evaluated 3", "checkpointed 4", "evaluated 6", "checkpointed 6"]);
    }

    [Fact]
    public void A_trial_that_paused_at_milestones_ends_with_the_weights_of_one_that_ran_through()
    {
        var expected = through.Run(new Recorder(), definition: Definition);
        CheckpointManifest[] checkpoints = [];
        foreach (int? until in (int?[])[3, 6, 9, null])
        {
            var recorder = new Recorder();
            trial.Until = until;
            var outcome = trial.Run(recorder, definition: Definition, checkpoints: checkpoints);
            outcome.ShouldBe(until is { } step ? new RunOutcome.Drained(step) : expected);
            checkpoints = recorder.Newest;
        }

        trial.Metrics.ShouldBe(through.Metrics);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Compression.Int8)]
    public async Task However_many_workers_train_it_between_its_milestones(Compression? code)
    {
        var definition = Definition with { Training = Definition.Training with { Compression = code is { } known ? new CompressionSpec(known) : null } };
        var expected = await PassAsync(through, definition, gangs: [1, 1, 1]);

        (await PassAsync(trial, definition, gangs: [2, 1, 3])).ShouldBe(expected);
        trial.Metrics.ShouldBe(through.Metrics);
    }

    [Fact]
    public void A_child_goes_on_from_its_parents_milestone_as_the_parent_would()
    {
        var expected = through.Run(new Recorder(), definition: Definition);
        var (parent, child) = (new Recorder(), new Recorder());
        trial.Until = 6;
        trial.Run(parent, definition: Definition);
        trial.Until = null;

        var outcome = trial.Run(child, definition: Definition with { Trial = new TrialId(Definition.Trial.Sweep, 9), Origin = new TrialOrigin(Definition.Trial, parent.Newest[0]) });

        outcome.ShouldBe(expected);
        child.Heard.ShouldBe(["started 6", "checkpointed 8", "evaluated 9", "evaluated 12", "checkpointed 12"]);
    }

    [Fact]
    public void A_child_that_has_a_checkpoint_goes_on_from_that()
    {
        var (parent, child, again) = (new Recorder(), new Recorder(), new Recorder());
        trial.Until = 3;
        trial.Run(parent, definition: Definition);
        var definition = Definition with { Trial = new TrialId(Definition.Trial.Sweep, 9), Origin = new TrialOrigin(Definition.Trial, parent.Newest[0]) };
        trial.Until = 6;
        trial.Run(child, definition: definition);
        Directory.Delete(trial.CheckpointFolder, recursive: true); // the parent's
        trial.Until = null;

        trial.Run(again, definition: definition, checkpoints: child.Newest).ShouldBeOfType<RunOutcome.Completed>().Steps.ShouldBe(12);

        again.Heard[0].ShouldBe("started 6");
    }

    [Fact]
    public void Weights_alone_begin_a_training_of_their_own()
    {
        var (donor, heir) = (new Recorder(), new Recorder());
        trial.Run(donor, definition: Definition);

        var outcome = trial.Run(heir, definition: Definition with { Trial = new TrialId(Definition.Trial.Sweep, 9), Origin = new TrialOrigin(Definition.Trial, donor.Newest[0], WeightsOnly: true) });

        outcome.ShouldBeOfType<RunOutcome.Completed>().Steps.ShouldBe(12);
        heir.Heard[..2].ShouldBe(["started 0", "evaluated 0"]);
        heir.Reports[0].Find("swd").ShouldNotBe(donor.Reports[0].Find("swd"), "it does not begin with weights of its own");
    }

    [Fact]
    public void A_run_that_is_told_to_finish_leaves_a_result_of_what_it_has_reached()
    {
        using var control = new RunControl();
        var recorder = new Recorder { OnEvaluated = step => FinishAt(3, step, control) };

        var outcome = trial.Run(recorder, control, definition: Definition).ShouldBeOfType<RunOutcome.Completed>();

        outcome.Steps.ShouldBe(4);
        recorder.Heard[^1].ShouldBe("checkpointed 4");
        using var file = File.OpenRead(Path.Combine(trial.Folder, "weights.safetensors"));
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(file)).ShouldBe(outcome.WeightsSha256);
    }

    /// <summary>Trains with one gang after the other, each to the next milestone.</summary>
    private static async Task<RunOutcome> PassAsync(ToyTrial trial, TrialDefinition definition, int[] gangs)
    {
        CheckpointManifest[] checkpoints = [];
        RunOutcome? outcome = null;
        foreach (var (i, members) in gangs.Index())
        {
            var observers = Enumerable.Range(0, members).Select(_ => new Recorder()).ToList();
            var controls = observers.Select(_ => new RunControl()).ToList();
            trial.Until = i < gangs.Length - 1 ? (i + 1) * 3 : null;
            outcome = (await trial.RunInGang(observers, controls, definition: definition, checkpoints: checkpoints))[0];
            checkpoints = observers[0].Newest;
            controls.ForEach(control => control.Dispose());
        }

        return outcome!;
    }

    private static void FinishAt(int wanted, int step, RunControl control)
    {
        if (step == wanted)
            control.Drain(andFinish: true);
    }
}
