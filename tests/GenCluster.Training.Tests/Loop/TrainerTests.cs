using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Tree;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Training.Checkpoints;
using GenCluster.Training.Loop;
using GenCluster.Training.Models;
using TorchSharp;
using static TorchSharp.torch;
using Transport = GenCluster.Collectives.Gangs.Transport;

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

    [Theory]
    [InlineData(Transport.SharedMemory)]
    [InlineData(Transport.Unix)]
    [InlineData(Transport.Tcp)]
    public async Task How_members_reach_each_other_does_not_show(Transport transport)
    {
        string alone = ToyTraining.Alone(() => new ToyGan(), steps: 3);

        var results = await ToyTraining.InGang(() => new ToyGan(), members: 3, steps: 3, transport);

        results.ShouldAllBe(result => result.Weights == alone);
    }

    [Theory]
    [InlineData(1, Transport.Auto)]
    [InlineData(2, Transport.Auto)]
    [InlineData(3, Transport.Tcp)]
    public async Task Sums_that_travel_while_others_are_computed_are_the_same(int members, Transport transport)
    {
        string alone = ToyTraining.Alone(() => new ToyGan(), steps: 4);

        var results = await ToyTraining.InGang(() => new ToyGan(), members, steps: 4, transport, ToyTraining.Spec with { Overlap = Overlap.On });

        results.ShouldAllBe(result => result.Weights == alone);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Any_way_of_training_is_the_same_for_any_number_of_members(TrainingSpec spec)
    {
        string alone = ToyTraining.Alone(() => new ToyGan(), spec.Steps, spec: spec);

        alone.ShouldNotBe(ToyTraining.Alone(() => new ToyGan(), spec.Steps));
        foreach (int members in new[] { 2, 3 })
            (await ToyTraining.InGang(() => new ToyGan(), members, spec.Steps, spec: spec)).ShouldAllBe(result => result.Weights == alone);
    }

    public static TheoryData<TrainingSpec> Ways =>
    [
        ToyTraining.Spec with { Accumulate = 3 },
        ToyTraining.Spec with { ClipNorm = 0.05 },
        ToyTraining.Spec with { Diloco = new DilocoSpec(2, 0.7, 0.9) },
        ToyTraining.Spec with { Compression = new CompressionSpec(Compression.Bf16) },
        ToyTraining.Spec with { Compression = new CompressionSpec(Compression.Int8) },
        ToyTraining.Spec with { Compression = new CompressionSpec(Compression.TopK, 0.1) },
    ];

    [Fact]
    public async Task Sums_that_are_encoded_and_travel_while_others_are_computed_are_the_same()
    {
        var spec = ToyTraining.Spec with { Compression = new CompressionSpec(Compression.Int8) };
        string alone = ToyTraining.Alone(() => new ToyGan(), steps: 4, spec: spec);

        var results = await ToyTraining.InGang(() => new ToyGan(), members: 2, steps: 4, spec: spec with { Overlap = Overlap.On });

        results.ShouldAllBe(result => result.Weights == alone);
    }

    [Theory]
    [InlineData(2)] // what codes have left out is forgotten there
    [InlineData(0)]
    public void A_gang_may_change_where_a_checkpoint_is_due(int every)
    {
        var spec = ToyTraining.Spec with { Compression = new CompressionSpec(Compression.Int8), CheckpointEvery = every };
        string undisturbed = ToyTraining.Alone(() => new ToyGan(), steps: 4, spec: spec);
        using var model = ToyTraining.Create(() => new ToyGan());
        using var state = ToyTraining.State(model, spec: spec);
        using var trainer = ToyTraining.Solo(state, spec: spec);

        trainer.Step();
        trainer.Step();
        trainer.Join(new SoloGang(GangPlan.Even(spec.Shards, 1, state.Vectors)));
        trainer.Step();
        trainer.Step();

        (WeightsFile.Sha256(state) == undisturbed).ShouldBe(every > 0);
    }

    [Fact]
    public void Accumulated_batches_take_their_own_images()
    {
        using var model = ToyTraining.Create(() => new ToyGan());
        var spec = ToyTraining.Spec with { Accumulate = 3 };
        using var state = ToyTraining.State(model, spec: spec);
        var images = new ToyImages(count: 96);
        using var trainer = ToyTraining.Solo(state, images, spec);

        trainer.Step();

        images.Asked.Order().ShouldBe(Enumerable.Range(0, 96).Select(i => (long)i)); // two updates of three batches of 16
    }

    [Fact]
    public void A_norm_that_is_never_reached_clips_nothing() =>
        ToyTraining.Alone(() => new ToyGan(), 3, spec: ToyTraining.Spec with { ClipNorm = 1e9 }).ShouldBe(ToyTraining.Alone(() => new ToyGan(), 3));

    [Fact]
    public void A_round_of_one_step_of_one_replica_is_a_step()
    {
        var spec = ToyTraining.Spec with { Shards = 1 };
        float[] expected = [], actual = [];
        ToyTraining.Alone(() => new ToyGan(), 1, look: (state, _) => expected = state.Networks[0].Parameters.ToArray(), spec: spec);

        ToyTraining.Alone(() => new ToyGan(), 1, look: (state, _) => actual = state.Networks[0].Parameters.ToArray(), spec: spec with { Diloco = new DilocoSpec(1, 1, 0) });

        for (int i = 0; i < expected.Length; i++)
            actual[i].ShouldBe(expected[i], 1e-6f); // start - (start - end) is not end to the last bit
    }

    [Fact]
    public void Replicas_agree_after_a_round_and_its_losses_are_means()
    {
        var steps = new List<int>();
        ToyTraining.Alone(() => new ToyGan(), 4, look: (_, result) => steps.Add(result.Step), spec: ToyTraining.Spec with { Diloco = new DilocoSpec(3, 0.7, 0.9) });

        steps.ShouldBe([3, 4]); // the last round is shorter
    }

    [Fact]
    public void Whoever_applies_the_sums_of_others_has_their_state()
    {
        var spec = ToyTraining.Spec with { EvaluateEvery = 0 };
        using var model = ToyTraining.Create(() => new ToyGan());
        using var leader = ToyTraining.State(model);
        using var trainer = ToyTraining.Solo(leader, spec: spec);
        using var copy = ToyTraining.Create(() => new ToyGan());
        using var follower = ToyTraining.State(copy);
        using var replayer = new Trainer(follower, spec, new ToyImages());
        (leader.Position, follower.Position) = (new(0, 1), new(0, 1));

        for (int update = 0; update < 9; update++)
        {
            trainer.Update();
            leader.Memory.Slot(0).CopyTo(follower.Memory.Slot(0));
            replayer.Replay();
        }

        follower.Position.ShouldBe(leader.Position);
        WeightsFile.Sha256(follower).ShouldBe(WeightsFile.Sha256(leader));
        follower.Networks[0].SecondMoment.SequenceEqual(leader.Networks[0].SecondMoment).ShouldBeTrue();
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
        using var model = ToyTraining.Create(() => new OnePhaseOf(new ToyGan(), "generator"));
        using var state = ToyTraining.State(model);
        using var trainer = ToyTraining.Solo(state);
        var (discriminator, generator) = (state.Networks[0], state.Networks[1]);
        float[] before = discriminator.Parameters.ToArray(), generatorBefore = generator.Parameters.ToArray();

        trainer.Step();

        discriminator.Parameters.SequenceEqual(before).ShouldBeTrue();
        discriminator.Gradients.ContainsAnyExcept(0f).ShouldBeFalse();
        discriminator.Updates.ShouldBe(0);
        generator.Parameters.SequenceEqual(generatorBefore).ShouldBeFalse();
        generator.Updates.ShouldBe(1);
    }

    [Fact]
    public void Every_repeat_is_an_update_and_takes_its_own_images()
    {
        using var model = ToyTraining.Create(() => new ToyGan());
        using var state = ToyTraining.State(model);
        var images = new ToyImages(count: 48);
        using var trainer = ToyTraining.Solo(state, images);

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
        using var state = ToyTraining.State(model);
        using var trainer = ToyTraining.Solo(state);
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
        using var state = ToyTraining.State(model);
        using var trainer = ToyTraining.Solo(state);

        trainer.Step().Votes.ShouldBe(Votes.None);
        trainer.Step(Votes.Drain).Votes.ShouldBe(Votes.Drain);
        trainer.Step().Votes.ShouldBe(Votes.None);
    }

    [Fact]
    public void A_batch_that_shards_do_not_divide_is_refused_in_words()
    {
        using var model = ToyTraining.Create(() => new ToyGan());
        using var state = ToyTraining.State(model);

        var failure = Should.Throw<TrainingFailedException>(() => new Trainer(state, ToyTraining.Spec with { BatchSize = 18 }, new ToyImages()));

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
