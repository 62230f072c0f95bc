using GenCluster.Core.Trials;
using GenCluster.Training.Loop;
using GenCluster.Training.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace GenCluster.Training.Tests.Loop;

public sealed class TrainerTests
{
    [Fact]
    public async Task Any_number_of_members_gives_the_same_weights_and_losses()
    {
        string alone = ToyTraining.Alone(() => new ToyGan(), steps: 4);

        for (int members = 1; members <= 4; members++)
        {
            var results = await ToyTraining.InGang(() => new ToyGan(), members, steps: 4);

            results.ShouldAllBe(result => result.Weights == alone);
            results.Select(result => result.Losses).Distinct().Count().ShouldBe(1);
        }
    }

    [Fact]
    public void Repeats_itself_to_the_bit_and_learns_something()
    {
        var losses = new List<string>();
        string first = ToyTraining.Alone(() => new ToyGan(), 3, look: (_, result) => losses.Add(string.Join(' ', result.Losses)));
        string again = ToyTraining.Alone(() => new ToyGan(), 3);

        again.ShouldBe(first);
        ToyTraining.Alone(() => new ToyGan(), 2).ShouldNotBe(first);
        losses.Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public void Memory_that_the_host_cannot_read_makes_no_difference() =>
        ToyTraining.Alone(() => new ToyGan(), 3, mirrored: true).ShouldBe(ToyTraining.Alone(() => new ToyGan(), 3, mirrored: false));

    [Fact]
    public void Leaves_no_tensor_behind()
    {
        var live = new List<long>();
        ToyTraining.Alone(() => new ToyGan(), 20, look: (_, _) => live.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount));

        live[19].ShouldBe(live[1]);
    }

    [Fact]
    public void A_phase_changes_only_the_networks_that_it_updates()
    {
        var model = ToyTraining.Create(() => new OnePhaseOf(new ToyGan(), "generator"));
        using var state = new TrainingState(model, CPU);
        using var gang = ToyTraining.Solo(state);
        using var trainer = new Trainer(state, ToyTraining.Spec, new ToyImages(), gang);
        var (discriminator, generator) = (state.Networks[0], state.Networks[1]);
        float[] before = discriminator.Parameters.ToArray(), generatorBefore = generator.Parameters.ToArray();

        trainer.Step();

        discriminator.Parameters.SequenceEqual(before).ShouldBeTrue();
        discriminator.Gradients.ContainsAnyExcept(0f).ShouldBeFalse();
        discriminator.Updates.ShouldBe(0);
        generator.Parameters.SequenceEqual(generatorBefore).ShouldBeFalse();
        generator.Updates.ShouldBe(1);
        model.Dispose();
    }

    [Fact]
    public void Every_repeat_is_an_update_and_takes_its_own_images()
    {
        using var model = ToyTraining.Create(() => new ToyGan());
        using var state = new TrainingState(model, CPU);
        using var gang = ToyTraining.Solo(state);
        var images = new ToyImages(count: 48);
        using var trainer = new Trainer(state, ToyTraining.Spec, images, gang);

        for (int step = 0; step < 3; step++)
            trainer.Step();

        (state.Networks[0].Updates, state.Networks[1].Updates).ShouldBe((6, 3));
        images.Asked.Count.ShouldBe(3 * 2 * 16); // two discriminator updates of 16; the generator's takes none
        images.Asked.Take(48).Order().ShouldBe(Enumerable.Range(0, 48).Select(i => (long)i));
        images.Asked.Skip(48).Order().ShouldBe(Enumerable.Range(0, 48).Select(i => (long)i));
        images.Asked.Skip(48).ShouldNotBe(images.Asked.Take(48));
    }

    [Fact]
    public void Batch_norm_counts_updates_whatever_the_number_of_shards()
    {
        ToyTraining.Alone(() => new ToyGan(), 3, look: (state, result) =>
        {
            // The discriminator sees two batches in each of its own two updates, and one in the generator's.
            state.Networks[0].Counters[0].ShouldBe(5 * result.Step);
            state.Networks[1].Counters[0].ShouldBe(3 * result.Step);
        });
    }

    [Fact]
    public void The_average_follows_its_formula()
    {
        const double decay = 0.9;
        double[]? expected = null;
        ToyTraining.Alone(() => new ToyGan(average: decay), 5, look: (state, result) =>
        {
            var generator = state.Networks[1];
            if (expected is null)
                expected = [.. generator.Average.ToArray().Select(value => (double)value)];
            else
                expected = [.. expected.Zip(generator.Parameters.ToArray(), (average, value) => decay * average + (1 - decay) * value)];
            for (int i = 0; i < expected.Length; i++)
                ((double)generator.Average[i]).ShouldBe(expected[i], 1e-6);
        });
    }

    [Fact]
    public void Numbers_between_the_slots_stay_zero() => ToyTraining.Alone(() => new ToyGan(), 3, look: (state, _) =>
    {
        foreach (var network in state.Networks)
        {
            var gaps = Enumerable.Range(0, network.Parameters.Length)
                .Where(i => !network.ParameterSlots.Any(slot => i >= slot.Offset && i < slot.Offset + slot.Length)).ToList();
            gaps.ShouldNotBeEmpty();
            float[][] all = [network.Parameters.ToArray(), network.FirstMoment.ToArray(), network.SecondMoment.ToArray()];
            all.ShouldAllBe(values => gaps.All(i => values[i] == 0));
        }
    });

    [Fact]
    public void A_loss_that_is_not_a_number_stops_the_step_and_changes_nothing()
    {
        using var model = ToyTraining.Create(() => new NanGan());
        using var state = new TrainingState(model, CPU);
        using var gang = ToyTraining.Solo(state);
        using var trainer = new Trainer(state, ToyTraining.Spec, new ToyImages(), gang);
        float[] before = state.Networks[1].Parameters.ToArray();

        var failure = Should.Throw<TrainingFailedException>(() => trainer.Step());

        failure.Failure.ShouldBe(FailureClass.NonFinite);
        failure.Message.ShouldBe("the loss became NaN in phase 'generator' of step 1; try a lower learning rate");
        state.Networks[1].Parameters.SequenceEqual(before).ShouldBeTrue();
        state.Step.ShouldBe(0);
    }

    [Fact]
    public void Reports_each_phase_s_loss_and_its_parts() => ToyTraining.Alone(() => new ToyGan(), 1, look: (_, result) =>
    {
        result.Losses.Select(loss => loss.Name).ShouldBe(["discriminator.fake", "discriminator.loss", "discriminator.real", "generator.loss"]);
        result.Losses[1].Value.ShouldBe(result.Losses[0].Value + result.Losses[2].Value, 1e-6);
        result.Step.ShouldBe(1);
    });

    [Fact]
    public void A_vote_to_stop_reaches_everyone()
    {
        using var model = ToyTraining.Create(() => new ToyGan());
        using var state = new TrainingState(model, CPU);
        using var gang = ToyTraining.Solo(state);
        using var trainer = new Trainer(state, ToyTraining.Spec, new ToyImages(), gang);

        trainer.Step().Stop.ShouldBeFalse();
        trainer.Step(stop: true).Stop.ShouldBeTrue();
    }

    [Fact]
    public void A_batch_that_shards_do_not_divide_is_refused_in_words()
    {
        using var model = ToyTraining.Create(() => new ToyGan());
        using var state = new TrainingState(model, CPU);
        using var gang = ToyTraining.Solo(state);

        var failure = Should.Throw<TrainingFailedException>(() => new Trainer(state, ToyTraining.Spec with { BatchSize = 18 }, new ToyImages(), gang));

        failure.Message.ShouldBe("a batch of 18 images cannot be cut into 4 equal shards; use a multiple of 4");
    }

    /// <summary>A model with one of another's phases.</summary>
    private sealed class OnePhaseOf(GenerativeModel model, string phase) : GenerativeModel
    {
        public override IReadOnlyList<Network> Networks => model.Networks;

        public override IReadOnlyList<Phase> Phases { get; } = [.. model.Phases.Where(p => p.Name == phase)];

        public override Tensor Sample(int count, NoiseSource noise) => model.Sample(count, noise);
    }

    private sealed class NanGan : GenerativeModel
    {
        private readonly ToyGan gan = new();

        public override IReadOnlyList<Network> Networks => gan.Networks;

        public override IReadOnlyList<Phase> Phases =>
            [gan.Phases[1] with { Loss = shard => new ShardLoss(gan.Phases[1].Loss(shard).Loss * float.NaN) }];

        public override Tensor Sample(int count, NoiseSource noise) => gan.Sample(count, noise);
    }
}
