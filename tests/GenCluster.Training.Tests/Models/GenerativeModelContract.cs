using GenCluster.Training.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace GenCluster.Training.Tests.Models;

/// <summary>What the loop relies on in every model. A new model inherits all of it for one factory method.</summary>
public abstract class GenerativeModelContract
{
    private static readonly Lock Seeding = new();

    private protected abstract GenerativeModel Create();

    /// <summary>Names, types and shapes of the tensors in a checkpoint. To change one is to orphan every checkpoint.</summary>
    private protected abstract string Golden { get; }

    /// <summary>Updates in which each phase, alone, must at least halve its loss on eight images.</summary>
    private protected virtual int UpdatesToLearn => 40;

    private GenerativeModel CreateSeeded(long seed)
    {
        set_num_threads(1);
        lock (Seeding) // the generator belongs to the process
        {
            manual_seed(seed);
            return Create();
        }
    }

    [Fact]
    public void Names_its_tensors_as_checkpoints_know_them()
    {
        using var model = CreateSeeded(1);

        TestModel.StateNames(model).ShouldBe(Golden);
    }

    // TorchSharp leaves the parameters of some layers as it found the memory.
    [Fact]
    public void One_seed_gives_one_set_of_weights()
    {
        using var scope = NewDisposeScope();
        using GenerativeModel model = CreateSeeded(1), again = CreateSeeded(1);

        foreach (var (network, twin) in model.Networks.Zip(again.Networks))
        {
            foreach (var (entry, other) in network.Module.state_dict().Zip(twin.Module.state_dict()))
                entry.Value.equal(other.Value).all().item<bool>().ShouldBeTrue($"{network.Name}.{entry.Key}");
        }
    }

    [Fact]
    public void Every_phase_updates_networks_that_exist()
    {
        using var model = CreateSeeded(1);

        foreach (var phase in model.Phases)
            phase.Updates.ShouldBeSubsetOf(model.Networks.Select(n => n.Name));
        model.Networks.ShouldAllBe(n => model.Phases.Any(p => p.Updates.Contains(n.Name)));
    }

    [Fact]
    public void Every_phase_gives_a_scalar_loss_and_scalar_parts()
    {
        using var scope = NewDisposeScope();
        using var model = CreateSeeded(1);

        foreach (var phase in model.Phases)
        {
            var loss = phase.Loss(TestModel.Shard());
            loss.Loss.shape.ShouldBeEmpty();
            loss.Loss.dtype.ShouldBe(float32);
            foreach (var (_, part) in loss.Parts)
            {
                part.shape.ShouldBeEmpty();
                part.requires_grad.ShouldBeFalse();
            }
        }
    }

    [Fact]
    public void The_same_noise_gives_the_same_loss()
    {
        using var scope = NewDisposeScope();
        using var model = CreateSeeded(1);

        foreach (var phase in model.Phases)
        {
            float first = phase.Loss(TestModel.Shard()).Loss.item<float>();
            phase.Loss(TestModel.Shard()).Loss.item<float>().ShouldBe(first);
        }
    }

    [Fact]
    public void Gradients_reach_every_parameter_of_the_updated_networks_and_no_other()
    {
        using var scope = NewDisposeScope();
        using var model = CreateSeeded(1);

        foreach (var phase in model.Phases)
        {
            using var adam = TestModel.AdamOf(model, phase, 1e-3);
            TestModel.Update(model, phase, adam); // layers that start at zero let nothing through before
            TestModel.Backward(model, phase);

            foreach (var network in model.Networks)
            {
                foreach (var (name, parameter) in network.Module.named_parameters())
                {
                    bool reached = parameter.grad is { } gradient && gradient.abs().max().item<float>() > 0;
                    reached.ShouldBe(phase.Updates.Contains(network.Name), $"{phase.Name}: {network.Name}.{name}");
                }
            }
        }
    }

    [Fact]
    public void Every_phase_learns_eight_images()
    {
        foreach (int k in Enumerable.Range(0, CreatedPhases()))
        {
            using var scope = NewDisposeScope();
            using var model = CreateSeeded(1);
            var phase = model.Phases[k];
            using var adam = TestModel.AdamOf(model, phase, 2e-3);

            float first = TestModel.Update(model, phase, adam), last = first;
            for (int update = 1; update < UpdatesToLearn; update++)
                last = TestModel.Update(model, phase, adam);

            last.ShouldBeLessThan(first / 2, phase.Name);
        }
    }

    [Fact]
    public void A_loss_leaves_no_tensor_behind()
    {
        using var model = CreateSeeded(1);
        foreach (var phase in model.Phases)
        {
            TestModel.Backward(model, phase); // gradients and lazily made tensors exist from here on
            TestModel.Backward(model, phase);
            long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            for (int i = 0; i < 10; i++)
                TestModel.Backward(model, phase);

            DisposeScopeManager.Statistics.ThreadTotalLiveCount.ShouldBe(before, phase.Name);
        }
    }

    [Fact]
    public void Sampling_leaves_only_the_samples()
    {
        using var model = CreateSeeded(1);
        TestModel.Samples(model, 2, TestModel.Noise()).Dispose();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (NewDisposeScope())
            TestModel.Samples(model, 2, TestModel.Noise());

        DisposeScopeManager.Statistics.ThreadTotalLiveCount.ShouldBe(before);
    }

    [Fact]
    public void Samples_are_images_in_range()
    {
        using var scope = NewDisposeScope();
        using var model = CreateSeeded(1);

        var samples = TestModel.Samples(model, 5, TestModel.Noise());

        samples.shape.ShouldBe([5, 1, 32, 32]);
        samples.dtype.ShouldBe(float32);
        samples.abs().max().item<float>().ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public void The_same_noise_gives_the_same_samples_and_other_noise_others()
    {
        using var scope = NewDisposeScope();
        using var model = CreateSeeded(1);
        TestModel.Update(model, model.Phases[^1], TestModel.AdamOf(model, model.Phases[^1], 1e-3));

        var samples = TestModel.Samples(model, 3, TestModel.Noise());

        TestModel.Samples(model, 3, TestModel.Noise()).equal(samples).all().item<bool>().ShouldBeTrue();
        TestModel.Samples(model, 3, TestModel.Noise(step: 1)).equal(samples).all().item<bool>().ShouldBeFalse();
    }

    [Fact]
    public void Saved_tensors_loaded_into_a_fresh_model_give_the_same_samples()
    {
        using var scope = NewDisposeScope();
        using var model = CreateSeeded(1);
        using var other = CreateSeeded(2);
        var samples = TestModel.Samples(model, 3, TestModel.Noise());

        foreach (var (network, fresh) in model.Networks.Zip(other.Networks))
            fresh.Module.load_state_dict(network.Module.state_dict());

        TestModel.Samples(other, 3, TestModel.Noise()).equal(samples).all().item<bool>().ShouldBeTrue();
    }

    private int CreatedPhases()
    {
        using var model = CreateSeeded(1);
        return model.Phases.Count;
    }
}
