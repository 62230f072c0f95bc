using GenCluster.Core.Parameters;
using GenCluster.Training.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace GenCluster.Training.Tests.Models;

public sealed class DdpmTests : GenerativeModelContract
{
    private protected override GenerativeModel Create() => Small();

    private protected override string Golden => GoldenStates.Ddpm;

    private protected override int UpdatesToLearn => 60;

    [Fact]
    public void Samples_are_drawn_with_averaged_weights()
    {
        using var model = Small(ema: 0.95);

        model.Networks.Single().AverageDecay.ShouldBe(0.95);
    }

    [Fact]
    public void An_untrained_denoiser_predicts_no_noise_so_its_loss_is_the_variance_of_the_noise()
    {
        using var scope = NewDisposeScope();
        using var model = Small();

        model.Phases.Single().Loss(TestModel.Shard()).Loss.item<float>().ShouldBe(1, 0.06f);
    }

    [Fact]
    public void Asks_for_no_more_sampling_steps_than_the_chain_has()
    {
        using var scope = NewDisposeScope();
        using var model = Small(timesteps: 3, samplingSteps: 25);

        TestModel.Samples(model, 2, TestModel.Noise()).isfinite().all().item<bool>().ShouldBeTrue();
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Works_at_any_width(long channels)
    {
        using var scope = NewDisposeScope();
        using var model = ModelZoo.Create("ddpm", TestModel.Settings("ddpm", ("channels", ParameterValue.Of(channels))), 1, 32);

        model.Phases.Single().Loss(TestModel.Shard()).Loss.isfinite().item<bool>().ShouldBeTrue();
    }

    private static GenerativeModel Small(double ema = 0.999, long timesteps = 1000, long samplingSteps = 4) => ModelZoo.Create(
        "ddpm", TestModel.Settings("ddpm",
        ("channels", ParameterValue.Of(8L)), ("ema", ParameterValue.Of(ema)),
        ("timesteps", ParameterValue.Of(timesteps)), ("samplingSteps", ParameterValue.Of(samplingSteps))), 1, 32);
}
