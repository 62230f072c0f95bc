using GenCluster.Core.Models;
using GenCluster.Core.Parameters;
using GenCluster.Training.Models;

namespace GenCluster.Training.Tests.Models;

public sealed class ModelZooTests
{
    public static TheoryData<string> Models => [.. ModelCatalogue.All.Select(m => m.Name)];

    public static TheoryData<string, string, string> Choices =>
        [.. from m in ModelCatalogue.All from h in m.Hyperparameters from c in h.Choices ?? [] select (m.Name, h.Path, c)];

    [Theory]
    [MemberData(nameof(Models))]
    public void Reads_exactly_the_hyperparameters_that_the_catalogue_declares(string name)
    {
        var settings = new ModelSettings(TestModel.Settings(name));

        using var model = ModelZoo.Create(name, settings, channels: 1, imageSize: 32);

        settings.Read.ShouldBe(ModelCatalogue.Find(name)!.Hyperparameters.Select(h => h.Path), ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Choices))]
    public void Knows_every_choice_that_the_catalogue_offers(string name, string path, string choice)
    {
        using var model = ModelZoo.Create(name, TestModel.Settings(name, (path, ParameterValue.Of(choice))), 1, 32);

        model.Phases.ShouldNotBeEmpty();
    }

    [Fact]
    public void Refuses_an_unknown_model_and_names_those_it_knows() =>
        Should.Throw<ArgumentException>(() => ModelZoo.Create("biggan", Assignment.Empty, 1, 32)).Message
            .ShouldStartWith("there is no model 'biggan'; there are dcgan, vae, ddpm");

    [Theory]
    [InlineData("dcgan", 64, "32")]
    [InlineData("vae", 28, "32")]
    [InlineData("ddpm", 30, "multiples of 4 from 8")]
    public void Refuses_a_size_the_model_cannot_make_and_says_which_it_can(string name, int size, string allowed) =>
        Should.Throw<ArgumentException>(() => ModelZoo.Create(name, TestModel.Settings(name), 1, size)).Message
            .ShouldStartWith($"model '{name}': image size {size} is not possible; allowed: {allowed}");
}
