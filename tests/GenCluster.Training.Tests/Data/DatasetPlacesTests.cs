using GenCluster.Training.Data;

namespace GenCluster.Training.Tests.Data;

public sealed class DatasetPlacesTests
{
    [Fact]
    public void Follows_the_environment()
    {
        var places = From(("XDG_CACHE_HOME", "/caches"), ("GENCLUSTER_DATASETS_URL", "https://mirror.example/data/"));

        places.Cache.ShouldBe("/caches/gencluster/datasets");
        places.Mirror.ShouldBe(new Uri("https://mirror.example/data/"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("not/absolute")]
    public void Caches_in_the_home_folder_otherwise(string? home)
    {
        var places = From(("XDG_CACHE_HOME", home));

        places.Cache.ShouldEndWith("/.cache/gencluster/datasets");
        places.Mirror.ShouldBeNull();
    }

    [Theory]
    [InlineData("mirror")]
    [InlineData("ftp://mirror.example")]
    [InlineData("file:///data")]
    public void Refuses_a_mirror_that_is_no_address(string text) =>
        Should.Throw<DataException>(() => From(("GENCLUSTER_DATASETS_URL", text))).Message
            .ShouldBe($"GENCLUSTER_DATASETS_URL is '{text}', which is not an http or https address; mend or unset it");

    private static DatasetPlaces From(params (string Name, string? Value)[] variables) =>
        DatasetPlaces.From(name => variables.FirstOrDefault(x => x.Name == name).Value);
}
