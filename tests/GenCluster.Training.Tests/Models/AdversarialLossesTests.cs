using GenCluster.Training.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace GenCluster.Training.Tests.Models;

public sealed class AdversarialLossesTests
{
    [Theory]
    [InlineData("non-saturating", 1.386294, 0.693147)] // 2 ln 2, ln 2
    [InlineData("hinge", 2, 0)]
    [InlineData("least-squares", 0.5, 0.5)]
    public void At_scores_of_zero_the_losses_have_their_known_values(string name, double discriminator, double generator)
    {
        using var scope = NewDisposeScope();
        var loss = AdversarialLosses.Named(name);

        loss.Discriminator(zeros(4), zeros(4)).item<float>().ShouldBe((float)discriminator, 1e-6f);
        loss.Generator(zeros(4)).item<float>().ShouldBe((float)generator, 1e-6f);
    }

    [Theory]
    [InlineData("non-saturating", 0.126928 + 0.313262, 1.313262)] // ln(1+e^-2) + ln(1+e^-1); ln(1+e^1)
    [InlineData("hinge", 0, 1)] // both are beyond their margins
    [InlineData("least-squares", 1, 2)] // ((2-1)^2 + 1) / 2; (-1-1)^2 / 2
    public void A_discriminator_that_is_right_has_a_small_loss_and_the_generator_a_large_one(string name, double discriminator, double generator)
    {
        using var scope = NewDisposeScope();
        var loss = AdversarialLosses.Named(name);
        Tensor real = tensor(new float[] { 2, 2 }), fake = tensor(new float[] { -1, -1 });

        loss.Discriminator(real, fake).item<float>().ShouldBe((float)discriminator, 1e-5f);
        loss.Generator(fake).item<float>().ShouldBe((float)generator, 1e-5f);
    }

    [Fact]
    public void The_non_saturating_loss_stays_finite_at_huge_scores()
    {
        using var scope = NewDisposeScope();

        AdversarialLosses.NonSaturating.Discriminator(full(1, -1e4f), full(1, 1e4f)).item<float>().ShouldBe(2e4f);
        AdversarialLosses.NonSaturating.Generator(full(1, -1e4f)).item<float>().ShouldBe(1e4f);
    }

    [Fact]
    public void An_unknown_name_is_refused_with_those_that_exist() =>
        Should.Throw<ArgumentException>(() => AdversarialLosses.Named("bce")).Message
            .ShouldStartWith("there is no adversarial loss 'bce'; there are non-saturating, hinge, least-squares");
}
