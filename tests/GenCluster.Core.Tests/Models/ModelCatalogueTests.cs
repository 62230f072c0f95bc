using GenCluster.Core.Models;

namespace GenCluster.Core.Tests.Models;

public sealed class ModelCatalogueTests
{
    public static TheoryData<string> Names => [.. ModelCatalogue.All.Select(m => m.Name)];

    [Fact]
    public void Holds_the_zoo()
    {
        ModelCatalogue.All.Select(m => m.Name).ShouldBe(["dcgan", "vae", "ddpm"]);
        ModelCatalogue.Find("biggan").ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_default_is_allowed_by_its_own_hyperparameter(string name)
    {
        foreach (var hyperparameter in Find(name).Hyperparameters)
        {
            hyperparameter.Allows(hyperparameter.Default).ShouldBeTrue(hyperparameter.Path);
            hyperparameter.Coerce(hyperparameter.Default).ShouldBe(hyperparameter.Default);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Paths_are_unique_and_no_path_is_the_beginning_of_another(string name)
    {
        string[] paths = [.. Find(name).Hyperparameters.Select(h => h.Path)];

        paths.ShouldBeUnique();
        paths.ShouldAllBe(path => !paths.Any(other => other.StartsWith(path + ".", StringComparison.Ordinal)), "a nested file could not say it");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Everything_is_explained_in_a_sentence(string name)
    {
        Find(name).Summary.ShouldEndWith(".");
        Find(name).Hyperparameters.ShouldAllBe(h => h.Meaning.EndsWith('.'));
    }

    [Fact]
    public void A_hyperparameter_is_found_by_its_whole_path()
    {
        Find("vae").Find("optimizer.learningRate").ShouldNotBeNull().DescribeAllowed().ShouldBe("a number from 1E-08 to 1");
        Find("vae").Find("learningRate").ShouldBeNull();
    }

    private static ModelDescription Find(string name) => ModelCatalogue.Find(name).ShouldNotBeNull();
}
