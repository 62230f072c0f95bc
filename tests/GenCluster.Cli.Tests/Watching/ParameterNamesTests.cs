using GenCluster.Cli.Watching;

namespace GenCluster.Cli.Tests.Watching;

public sealed class ParameterNamesTests
{
    [Fact]
    public void Cuts_to_the_shortest_endings_that_differ()
    {
        var names = ParameterNames.Shorten(["optimizer.generator.learningRate", "optimizer.discriminator.learningRate", "optimizer.beta1", "loss"]);

        names.Values.ShouldBe(["generator.learningRate", "discriminator.learningRate", "beta1", "loss"], ignoreOrder: true);
    }

    [Fact]
    public void A_path_that_is_the_ending_of_another_stays_whole()
    {
        var names = ParameterNames.Shorten(["channels", "generator.channels"]);

        names["channels"].ShouldBe("channels");
        names["generator.channels"].ShouldBe("generator.channels");
    }
}
