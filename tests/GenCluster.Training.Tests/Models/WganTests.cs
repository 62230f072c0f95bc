using GenCluster.Core.Parameters;
using GenCluster.Training.Models;
using GenCluster.Training.Tests.Storage;
using static TorchSharp.torch;

namespace GenCluster.Training.Tests.Models;

/// <summary>The DCGAN with the loss of Wasserstein and a gradient penalty.</summary>
public sealed class WganTests : GenerativeModelContract
{
    private protected override GenerativeModel Create() => SmallDcgan.Create("wasserstein-gp");

    private protected override string Golden => GoldenStates.Wgan;

    [Fact]
    public void The_critic_scores_each_image_by_itself()
    {
        using var scope = NewDisposeScope();
        using var model = Create();
        var critic = (nn.Module<Tensor, Tensor>)model.Networks[1].Module;
        var images = TestModel.Rectangles();

        critic.call(images)[0].item<float>().ShouldBe(critic.call(images[..1])[0].item<float>(), 1e-5f);
    }

    [Fact]
    public void Only_the_critic_s_phase_is_differentiated_twice()
    {
        using var model = Create();
        using var other = SmallDcgan.Create();

        model.Phases.Select(phase => phase.TwiceDifferentiated).ShouldBe([true, false]);
        other.Phases.ShouldAllBe(phase => !phase.TwiceDifferentiated);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void The_critic_s_loss_is_the_difference_of_scores_and_the_weighted_penalty(double weight)
    {
        using var scope = NewDisposeScope();
        using var model = ModelZoo.Create("dcgan", TestModel.Settings(
            "dcgan", ("loss", ParameterValue.Of("wasserstein-gp")), ("gradientPenalty", ParameterValue.Of(weight))), 1, 32);

        var loss = model.Phases[0].Loss(TestModel.Shard());

        var parts = loss.Parts.ToDictionary(part => part.Name, part => part.Value.item<float>());
        loss.Loss.item<float>().ShouldBe(parts["fake"] - parts["real"] + (float)weight * parts["penalty"], 1e-4f);
    }

    [Fact]
    public void A_heavy_penalty_pulls_the_critic_s_slope_to_one()
    {
        using var scope = NewDisposeScope();
        using var model = SmallDcgan.Create("wasserstein-gp", gradientPenalty: 1000);
        using var adam = TestModel.AdamOf(model, model.Phases[0], 2e-3);
        float Penalty() => model.Phases[0].Loss(TestModel.Shard()).Parts.Single(part => part.Name == "penalty").Value.item<float>();

        float before = Penalty();
        for (int update = 0; update < 80; update++)
            TestModel.Update(model, model.Phases[0], adam);

        Penalty().ShouldBeLessThan(before / 4);
    }
}
