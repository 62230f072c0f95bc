using GenCluster.Core.Parameters;
using GenCluster.Training.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace GenCluster.Training.Tests.Models;

public sealed class DcganTests : GenerativeModelContract
{
    private protected override GenerativeModel Create() => Small();

    private protected override string Golden => GoldenStates.Dcgan;

    [Fact]
    public void The_discriminator_phase_does_not_reach_the_generator_even_when_nothing_is_frozen()
    {
        using var scope = NewDisposeScope();
        using var model = Small();

        model.Phases[0].Loss(TestModel.Shard()).Loss.backward();

        var (generator, discriminator) = (model.Networks[0], model.Networks[1]);
        generator.Module.parameters().Select(p => p.grad is null).ShouldAllBe(unreached => unreached);
        discriminator.Module.parameters().Select(p => p.grad is not null).ShouldAllBe(reached => reached);
    }

    [Fact]
    public void The_discriminator_takes_data_and_repeats_and_the_generator_takes_none()
    {
        using var model = ModelZoo.Create("dcgan", TestModel.Settings("dcgan", ("discriminator.stepsPerGenerator", ParameterValue.Of(5L))), 1, 32);

        model.Phases.Select(p => (p.Name, p.TakesData, p.Repeat)).ShouldBe([("discriminator", true, 5), ("generator", false, 1)]);
    }

    [Fact]
    public void Each_phase_has_its_own_learning_rate()
    {
        using var model = ModelZoo.Create("dcgan", TestModel.Settings("dcgan",
            ("optimizer.generator.learningRate", ParameterValue.Of(1e-3)), ("optimizer.discriminator.learningRate", ParameterValue.Of(2e-3))), 1, 32);

        model.Phases.Select(p => p.Optimizer).ShouldBe([new AdamOptions(2e-3, 0.5), new AdamOptions(1e-3, 0.5)]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    public void Dropout_acts_in_training_alone_and_names_no_tensor(double dropout)
    {
        using var scope = NewDisposeScope();
        using var model = ModelZoo.Create("dcgan", TestModel.Settings("dcgan",
            ("latent", ParameterValue.Of(8L)), ("generator.channels", ParameterValue.Of(4L)), ("discriminator.channels", ParameterValue.Of(4L)),
            ("discriminator.dropout", ParameterValue.Of(dropout))), 1, 32);
        var discriminator = (nn.Module<Tensor, Tensor>)model.Networks[1].Module;
        bool Repeats() => discriminator.call(TestModel.Rectangles()).equal(discriminator.call(TestModel.Rectangles())).all().item<bool>();

        TestModel.StateNames(model).ShouldBe(Golden);
        Repeats().ShouldBe(dropout == 0);
        discriminator.eval();
        Repeats().ShouldBeTrue();
    }

    [Fact]
    public void Convolutions_start_from_a_normal_distribution_of_deviation_two_hundredths()
    {
        using var scope = NewDisposeScope();
        using var model = ModelZoo.Create("dcgan", TestModel.Settings("dcgan"), 3, 32);

        foreach (var (name, weight) in model.Networks.SelectMany(n => n.Module.named_parameters()).Where(p => p.parameter.dim() == 4))
        {
            double error = 0.02 / Math.Sqrt(2 * weight.numel()); // of the deviation of so many numbers
            ((double)weight.std(unbiased: false).item<float>()).ShouldBe(0.02, 5 * error, name);
        }
    }

    [Fact]
    public void Makes_colour_images()
    {
        using var scope = NewDisposeScope();
        using var model = ModelZoo.Create("dcgan", TestModel.Settings("dcgan"), 3, 32);

        TestModel.Samples(model, 2, TestModel.Noise()).shape.ShouldBe([2, 3, 32, 32]);
    }

    private static GenerativeModel Small() => ModelZoo.Create("dcgan", TestModel.Settings("dcgan",
        ("latent", ParameterValue.Of(8L)), ("generator.channels", ParameterValue.Of(4L)), ("discriminator.channels", ParameterValue.Of(4L))), 1, 32);
}
