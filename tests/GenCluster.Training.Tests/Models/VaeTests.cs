using GenCluster.Core.Parameters;
using GenCluster.Training.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace GenCluster.Training.Tests.Models;

public sealed class VaeTests : GenerativeModelContract
{
    private protected override GenerativeModel Create() => Small();

    private protected override string Golden => GoldenStates.Vae;

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(1, 0.25, 0.818147)]
    [InlineData(0, 4, 0.806853)] // (4 - 1 - ln 4) / 2
    [InlineData(2, 1, 2)]
    public void Kl_to_the_standard_normal_has_its_closed_form(double mean, double variance, double expected)
    {
        using var scope = NewDisposeScope();

        var kl = Vae.KlToStandardNormal(full(2, 1, (float)mean), full(2, 1, (float)Math.Log(variance)));

        kl.shape.ShouldBe([2]);
        kl[1].item<float>().ShouldBe((float)expected, 1e-5f);
    }

    [Fact]
    public void Kl_adds_up_over_the_code()
    {
        using var scope = NewDisposeScope();

        Vae.KlToStandardNormal(ones(1, 3), zeros(1, 3)).item<float>().ShouldBe(1.5f, 1e-6f);
    }

    [Fact]
    public void The_loss_is_reconstruction_plus_weighted_kl()
    {
        using var scope = NewDisposeScope();
        using var model = Small(klWeight: 2.5);

        var loss = model.Phases[0].Loss(TestModel.Shard());

        var parts = loss.Parts.ToDictionary(p => p.Name, p => p.Value.item<float>());
        loss.Loss.item<float>().ShouldBe(parts["reconstruction"] + 2.5f * parts["kl"], 1e-3f);
    }

    [Fact]
    public void A_decoder_that_knows_nothing_pays_one_bit_a_pixel()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var model = Small();
        foreach (var parameter in model.Networks.Single(network => network.Name == "decoder").Module.parameters())
            parameter.zero_();

        var loss = model.Phases[0].Loss(TestModel.Shard());

        loss.Parts.Single(p => p.Name == "reconstruction").Value.item<float>().ShouldBe(1024 * MathF.Log(2), 0.01f);
    }

    private static GenerativeModel Small(double klWeight = 1) => ModelZoo.Create("vae", TestModel.Settings("vae",
        ("latent", ParameterValue.Of(8L)), ("channels", ParameterValue.Of(8L)), ("klWeight", ParameterValue.Of(klWeight))), 1, 32);
}
