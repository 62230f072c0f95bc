using GenCluster.Core.Checkpoints;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;
using GenCluster.Training.Models;
using GenCluster.Training.Runner;
using GenCluster.Training.Tests.Loop;
using static TorchSharp.torch;

namespace GenCluster.Training.Tests.Runner;

public sealed class TorchTrialRunnerTests : IDisposable
{
    private readonly ToyTrial trial = new();
    private readonly Recorder recorder = new();

    public void Dispose() => trial.Dispose();

    [Fact]
    public void Trains_evaluates_and_checkpoints_at_the_steps_asked_for()
    {
        var outcome = trial.Run(recorder);

        recorder.Heard.ShouldBe(
        [
            "started 0", "evaluated 0", "evaluated 2", "checkpointed 2", "evaluated 4", "checkpointed 4",
            "evaluated 6", "checkpointed 6", "evaluated 7", "checkpointed 7",
        ]);
        outcome.ShouldBeOfType<RunOutcome.Completed>().Steps.ShouldBe(7);
        recorder.Reports[0].Metrics.Select(metric => metric.Name).ShouldBe(["swd"]);
        recorder.Reports[1].Metrics.Select(metric => metric.Name).ShouldBe(
            ["discriminator.fake", "discriminator.loss", "discriminator.real", "generator.loss", "swd"]);
        recorder.Progress[^1].Step.ShouldBe(7);
        Directory.GetFiles(Path.Combine(trial.Folder, "samples")).Length.ShouldBe(5);
    }

    [Fact]
    public void The_hash_is_that_of_the_weights_file()
    {
        var outcome = (RunOutcome.Completed)trial.Run(recorder);

        using var file = File.OpenRead(Path.Combine(trial.Folder, "weights.safetensors"));
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(file)).ShouldBe(outcome.WeightsSha256);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_gang_of_any_size_ends_with_the_weights_of_one_worker(int members)
    {
        using var alone = new ToyTrial();
        var expected = (RunOutcome.Completed)alone.Run(new Recorder());
        var observers = Enumerable.Range(0, members).Select(_ => new Recorder()).ToList();
        var controls = observers.Select(_ => new RunControl()).ToList();

        var outcomes = await trial.RunInGang(observers, controls);

        outcomes.OfType<RunOutcome>().ShouldBe([expected]);
        trial.Metrics.ShouldBe(alone.Metrics);
        observers[1].Heard.ShouldBe(["started 0"]); // only the leader evaluates and checkpoints
        controls.ForEach(control => control.Dispose());
    }

    [Fact]
    public void A_run_that_was_drained_resumes_to_the_same_end()
    {
        using var undisturbed = new ToyTrial();
        var expected = undisturbed.Run(new Recorder());
        using var control = new RunControl();
        var first = new Recorder { OnEvaluated = step => DrainAt(4, step, control) };

        trial.Run(first, control).ShouldBe(new RunOutcome.Drained(5));
        first.Heard[^1].ShouldBe("checkpointed 5");
        var outcome = trial.Run(recorder, checkpoints: first.Newest);

        outcome.ShouldBe(expected);
        recorder.Heard[..2].ShouldBe(["started 5", "evaluated 6"]);
        trial.Metrics.ShouldBe(undisturbed.Metrics);
    }

    [Fact]
    public void Where_gradients_are_encoded_a_drain_goes_back_to_the_last_checkpoint()
    {
        var definition = ToyTrial.Definition with { Training = ToyTrial.Definition.Training with { Compression = new CompressionSpec(Compression.Int8) } };
        using var undisturbed = new ToyTrial();
        var expected = undisturbed.Run(new Recorder(), definition: definition);
        using var control = new RunControl();
        var first = new Recorder { OnEvaluated = step => DrainAt(4, step, control) };

        trial.Run(first, control, definition: definition).ShouldBe(new RunOutcome.Drained(4));
        first.Heard[^1].ShouldBe("checkpointed 4");
        var outcome = trial.Run(recorder, definition: definition, checkpoints: first.Newest);

        outcome.ShouldBe(expected);
        recorder.Heard[..2].ShouldBe(["started 4", "evaluated 6"]);
        trial.Metrics.ShouldBe(undisturbed.Metrics);
    }

    [Fact]
    public void A_run_that_died_resumes_from_its_checkpoint_and_writes_the_same_again()
    {
        using var undisturbed = new ToyTrial();
        var expected = undisturbed.Run(new Recorder());
        using var control = new RunControl();
        var first = new Recorder { OnEvaluated = step => AbortAt(6, step, control) };
        Should.Throw<OperationCanceledException>(() => trial.Run(first, control));
        first.Heard[^1].ShouldBe("evaluated 6"); // and not checkpointed

        var outcome = trial.Run(recorder, checkpoints: first.Newest);

        outcome.ShouldBe(expected);
        recorder.Heard[..2].ShouldBe(["started 4", "evaluated 6"]);
        recorder.Reports[0].ShouldBe(first.Reports[^1]);
        trial.Metrics.ShouldBe(undisturbed.Metrics);
    }

    [Fact]
    public async Task A_gang_goes_on_where_one_worker_stopped()
    {
        using var undisturbed = new ToyTrial();
        var expected = undisturbed.Run(new Recorder());
        using var control = new RunControl();
        var first = new Recorder { OnEvaluated = step => DrainAt(2, step, control) };
        trial.Run(first, control);
        using var second = new RunControl();
        using var third = new RunControl();

        var outcomes = await trial.RunInGang([recorder, new Recorder()], [second, third], checkpoints: first.Newest);

        outcomes[0].ShouldBe(expected);
        trial.Metrics.ShouldBe(undisturbed.Metrics);
    }

    [Fact]
    public async Task A_gang_stops_after_the_same_step_whoever_is_asked()
    {
        using var first = new RunControl();
        using var second = new RunControl();
        var leader = new Recorder { OnEvaluated = step => DrainAt(2, step, second) };

        var outcomes = await trial.RunInGang([leader, recorder], [first, second]);

        var drained = outcomes[0].ShouldBeOfType<RunOutcome.Drained>();
        leader.Heard[^1].ShouldBe($"checkpointed {drained.Step}");
    }

    [Fact]
    public async Task The_others_hear_of_a_member_that_left_and_wait_for_an_order()
    {
        using var first = new RunControl();
        using var second = new RunControl();
        var leader = new Recorder { OnEvaluated = step => AbortAt(2, step, second) };
        var run = trial.RunInGang([leader, recorder], [first, second]);

        await leader.HasBroken.Task.WaitAsync(TimeSpan.FromSeconds(60));
        first.Abort();

        await Should.ThrowAsync<OperationCanceledException>(run);
        leader.Heard[^1].ShouldBe("broke by 1");
    }

    [Fact]
    public void A_drain_before_the_first_step_ends_at_once_with_nothing_to_store()
    {
        using var control = new RunControl();
        control.Drain();

        trial.Run(recorder, control).ShouldBe(new RunOutcome.Drained(0));
        recorder.Checkpoints.ShouldBeEmpty();
    }

    [Fact]
    public void An_abort_writes_no_checkpoint_any_more()
    {
        using var control = new RunControl();
        var observer = new Recorder { OnEvaluated = step => AbortAt(0, step, control) };

        Should.Throw<OperationCanceledException>(() => trial.Run(observer, control));

        observer.Heard.ShouldBe(["started 0", "evaluated 0"]);
    }

    [Fact]
    public void A_damaged_checkpoint_is_told_of_and_the_one_before_is_used()
    {
        using var undisturbed = new ToyTrial();
        var expected = undisturbed.Run(new Recorder());
        using var control = new RunControl();
        var first = new Recorder { OnCheckpointed = step => AbortAt(4, step, control) };
        Should.Throw<OperationCanceledException>(() => trial.Run(first, control));
        Damage(first.Checkpoints[^1].Blobs[0]);

        var outcome = trial.Run(recorder, checkpoints: first.Newest);

        outcome.ShouldBe(expected);
        recorder.Heard[0].ShouldBe("started 2");
        recorder.Warnings.Single().ShouldStartWith("the checkpoint of step 4 is damaged, using the one of step 2 instead: checkpoint blob 'discriminator.weights' (");
    }

    [Fact]
    public void A_damaged_checkpoint_is_mended_when_the_run_comes_to_that_step_again()
    {
        using var control = new RunControl();
        var first = new Recorder { OnCheckpointed = step => AbortAt(4, step, control) };
        Should.Throw<OperationCanceledException>(() => trial.Run(first, control));
        Damage(first.Checkpoints[^1].Blobs[0]);
        using var again = new RunControl();
        var second = new Recorder { OnCheckpointed = step => AbortAt(4, step, again) };
        Should.Throw<OperationCanceledException>(() => trial.Run(second, again, checkpoints: first.Newest));

        trial.Run(recorder, checkpoints: [.. second.Newest, .. first.Newest.Where(manifest => manifest.Step < 4)]);

        recorder.Heard[0].ShouldBe("started 4");
        recorder.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Without_a_whole_checkpoint_training_starts_anew()
    {
        using var control = new RunControl();
        var first = new Recorder { OnCheckpointed = step => AbortAt(2, step, control) };
        Should.Throw<OperationCanceledException>(() => trial.Run(first, control));
        Directory.Delete(trial.CheckpointFolder, recursive: true);

        trial.Run(recorder, checkpoints: first.Newest).ShouldBeOfType<RunOutcome.Completed>();

        recorder.Heard[..2].ShouldBe(["started 0", "evaluated 0"]);
        recorder.Warnings.Single().ShouldContain("starting from the beginning");
    }

    [Fact]
    public void Keeps_the_checkpoints_that_the_journal_holds_and_those_it_has_not_answered_for()
    {
        using var control = new RunControl();
        recorder.OnCheckpointed = step =>
        {
            if (step == 4)
                control.Keep(new CheckpointAnswer(1, 4, [recorder.Checkpoints[^1]])); // and not the one before
        };

        trial.Run(recorder, control);

        recorder.Checkpoints.Select(manifest => manifest.Step).ShouldBe([2, 4, 6, 7]);
        var kept = recorder.Checkpoints.Where(manifest => manifest.Step >= 4).SelectMany(manifest => manifest.Blobs).Select(blob => blob.Sha256).Distinct();
        Directory.GetFiles(Path.Combine(trial.CheckpointFolder, "0001")).Select(Path.GetFileName).Order().ShouldBe(kept.Order());
    }

    [Fact]
    public void Clears_away_what_earlier_leaders_left()
    {
        using var control = new RunControl();
        var first = new Recorder { OnCheckpointed = step => AbortAt(4, step, control) };
        Should.Throw<OperationCanceledException>(() => trial.Run(first, control));

        trial.Run(recorder, checkpoints: first.Checkpoints[0]);

        var kept = first.Checkpoints[0].Blobs.Select(blob => blob.Sha256).Distinct();
        Directory.GetFiles(Path.Combine(trial.CheckpointFolder, "0001")).Select(Path.GetFileName).Order().ShouldBe(kept.Order());
    }

    [Fact]
    public void A_loss_that_is_not_a_number_is_the_trial_s_own_failure()
    {
        var outcome = trial.Run(recorder, materials: new ToyMaterials(() => new ToyGan(learningRate: double.PositiveInfinity)));

        outcome.ShouldBe(new RunOutcome.Broken(
            FailureClass.NonFinite, "the loss became NaN in phase 'discriminator' of step 1; try a lower learning rate"));
    }

    [Fact]
    public void A_model_that_does_not_compute_is_the_user_s_failure()
    {
        var outcome = trial.Run(recorder, materials: new ToyMaterials(() => throw new ArgumentException("there is no model 'x'")));

        outcome.ShouldBe(new RunOutcome.Broken(FailureClass.UserError, "there is no model 'x'"));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_named()
    {
        File.WriteAllText(Path.Combine(trial.Runs, "toys"), "in the way");

        var outcome = trial.Run(recorder).ShouldBeOfType<RunOutcome.Broken>();

        outcome.Failure.ShouldBe(FailureClass.Hardware);
        outcome.Message.ShouldContain(Path.Combine(trial.Runs, "toys"));
    }

    [Fact]
    public void A_device_that_the_worker_does_not_have_is_refused_in_words()
    {
        var definition = ToyTrial.Definition with { Resources = ToyTrial.Definition.Resources with { Device = "tpu" } };

        trial.Run(recorder, definition: definition).ShouldBe(
            new RunOutcome.Broken(FailureClass.UserError, "the device 'tpu' is not known; use auto, cpu or cuda"));
    }

    private void Damage(BlobRef blob)
    {
        string path = Path.Combine(trial.CheckpointFolder, $"{blob.Space:0000}", blob.Sha256);
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    private static void DrainAt(int wanted, int step, RunControl control)
    {
        if (step == wanted)
            control.Drain();
    }

    private static void AbortAt(int wanted, int step, RunControl control)
    {
        if (step == wanted)
            control.Abort();
    }
}
