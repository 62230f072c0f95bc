using GenCluster.Core.Checkpoints;
using GenCluster.Core.Trials;
using GenCluster.Checkpoints;
using GenCluster.Training.Checkpoints;
using GenCluster.Training.Loop;
using GenCluster.Training.Models;
using GenCluster.Training.Safetensors;
using GenCluster.Training.Tests.Loop;
using static TorchSharp.torch;

namespace GenCluster.Training.Tests.Checkpoints;

public sealed class TrainingCheckpointTests : IDisposable
{
    private const string Numerics = "cpu threads=1";

    private readonly string folder = Directory.CreateTempSubdirectory("gencluster-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Training_that_was_cut_off_ends_with_the_same_bits(int cut)
    {
        const int steps = 5;
        string undisturbed = ToyTraining.Alone(() => new ToyGan(), steps);
        var store = new DirectoryCheckpointStore(folder, space: 1);
        CheckpointManifest? manifest = null;
        ToyTraining.Alone(() => new ToyGan(), cut, look: (state, result) =>
        {
            if (result.Step == cut)
                manifest = TrainingCheckpoint.Save(state, store, Numerics);
        });

        using var model = new ToyGan(); // other initial weights, all of which must be replaced
        using var state = ToyTraining.State(model);
        TrainingCheckpoint.Load(state, store, manifest!, Numerics);
        using var trainer = ToyTraining.Solo(state);
        while (state.Step < steps)
            trainer.Step();

        WeightsFile.Sha256(state).ShouldBe(undisturbed);
    }

    [Fact]
    public void Sampling_in_between_does_not_disturb_the_training()
    {
        string disturbed = ToyTraining.Alone(() => new ToyGan(), 4, look: (state, _) =>
        {
            using var scope = NewDisposeScope();
            using var sampling = state.Sampling();
            rand(10);
            state.Model.Sample(8, new NoiseSource(new(1, new()), CPU));
        });

        disturbed.ShouldBe(ToyTraining.Alone(() => new ToyGan(), 4));
    }

    [Fact]
    public void Blobs_are_named_for_the_networks_and_hold_the_state_dictionary()
    {
        var store = new DirectoryCheckpointStore(folder, space: 1);
        ToyTraining.Alone(() => new ToyGan(), 1, look: (state, _) =>
        {
            var manifest = TrainingCheckpoint.Save(state, store, Numerics);

            (manifest.Step, manifest.Numerics).ShouldBe((1, Numerics));
            manifest.Blobs.Select(blob => blob.Name).ShouldBe(
                ["discriminator.weights", "discriminator.optimizer", "generator.weights", "generator.optimizer"]);
            var weights = SafetensorsFile.Parse(store.Get(manifest.Blobs[0]), "test");
            weights.Tensors.Select(tensor => tensor.Name).Order().ShouldBe(((ToyGan)state.Model).Discriminator.state_dict().Keys.Order());
        });
    }

    [Fact]
    public void A_checkpoint_of_other_numerics_is_refused_in_words()
    {
        var store = new DirectoryCheckpointStore(folder, space: 1);
        ToyTraining.Alone(() => new ToyGan(), 1, look: (state, _) =>
        {
            var manifest = TrainingCheckpoint.Save(state, store, "cpu threads=2");

            var failure = Should.Throw<TrainingFailedException>(() => TrainingCheckpoint.Load(state, store, manifest, Numerics));
            failure.Failure.ShouldBe(FailureClass.UserError);
            failure.Message.ShouldBe(
                "the checkpoint of step 1 was made on 'cpu threads=2' and this worker is 'cpu threads=1'; "
                + "going on here would give other bits, so resume on a worker like the first one, or start the trial anew");
        });
    }

    [Fact]
    public void A_checkpoint_of_another_model_is_refused_and_changes_nothing()
    {
        var store = new DirectoryCheckpointStore(folder, space: 1);
        CheckpointManifest? manifest = null;
        ToyTraining.Alone(() => new ToyGan(average: null), 1, look: (state, _) => manifest = TrainingCheckpoint.Save(state, store, Numerics));
        using var model = ToyTraining.Create(() => new ToyGan());
        using var state = ToyTraining.State(model);
        string before = WeightsFile.Sha256(state);

        var failure = Should.Throw<TrainingFailedException>(() => TrainingCheckpoint.Load(state, store, manifest!, Numerics));

        failure.Failure.ShouldBe(FailureClass.UserError);
        failure.Message.ShouldStartWith("the checkpoint of step 1 does not fit the model: 'generator.optimizer' is not a usable safetensors file: tensor 'average.main.0.weight' is missing");
        WeightsFile.Sha256(state).ShouldBe(before);
        state.Step.ShouldBe(0);
    }

    [Fact]
    public void The_weights_file_holds_every_network_and_the_averages() => ToyTraining.Alone(() => new ToyGan(), 1, look: (state, _) =>
    {
        using var stream = new MemoryStream();
        WeightsFile.Write(state, stream);

        var file = SafetensorsFile.Parse(stream.ToArray(), "test");
        var names = file.Tensors.Select(tensor => tensor.Name).ToList();
        names.ShouldContain("discriminator.main.0.weight");
        names.ShouldContain("generator.main.1.running_mean");
        names.ShouldContain("average.generator.main.0.weight");
        names.ShouldNotContain("average.discriminator.main.0.weight");
        file.Require("generator.main.0.weight", ElementType.F32, 24, 4).As<float>()
            .SequenceEqual(((ToyGan)state.Model).Generator.parameters().First().data<float>().ToArray()).ShouldBeTrue();
    });
}
