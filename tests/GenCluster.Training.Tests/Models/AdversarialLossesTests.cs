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
    [InlineData("wasserstein-gp", 0, 0)]
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
    [InlineData("wasserstein-gp", -3, 1)] // -1 - 2
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

    // A linear critic has the same slope everywhere, its weights: of length 5 for (3, 4).
    [Fact]
    public void The_penalty_is_the_squared_distance_of_the_slope_from_one()
    {
        using var scope = NewDisposeScope();
        var weights = tensor(new float[] { 3, 4 }).requires_grad_(true);

        var penalty = AdversarialLosses.GradientPenalty(
            images => images.flatten(1).matmul(weights), randn(6, 1, 1, 2), randn(6, 1, 1, 2), rand(6));
        penalty.backward();

        penalty.item<float>().ShouldBe(16, 1e-4f);
        weights.grad!.data<float>().ToArray().ShouldBe([2 * 4 * 3 / 5f, 2 * 4 * 4 / 5f], 1e-4); // 2 (|w| - 1) w / |w|
    }

    [Fact]
    public void The_penalty_looks_at_points_between_real_and_generated_images()
    {
        using var scope = NewDisposeScope();
        var seen = new List<float>();

        AdversarialLosses.GradientPenalty(
            images =>
            {
                seen.AddRange(images.detach().flatten().data<float>().ToArray());
                return images.flatten();
            },
            full([3, 1, 1, 1], 10f), full([3, 1, 1, 1], -10f), tensor(new float[] { 0, 0.25f, 1 }));

        seen.ShouldBe([-10, -5, 10]);
    }

    [Fact]
    public void The_penalty_of_a_flat_critic_has_a_gradient()
    {
        using var scope = NewDisposeScope();
        var weights = zeros(2).requires_grad_(true);

        AdversarialLosses.GradientPenalty(images => images.flatten(1).matmul(weights), randn(6, 1, 1, 2), randn(6, 1, 1, 2), rand(6)).backward();

        weights.grad!.isfinite().all().item<bool>().ShouldBeTrue();
    }

    [Fact]
    public void An_unknown_name_is_refused_with_those_that_exist() =>
        Should.Throw<ArgumentException>(() => AdversarialLosses.Named("bce")).Message
            .ShouldStartWith("there is no adversarial loss 'bce'; there are non-saturating, hinge, least-squares, wasserstein-gp");
}
