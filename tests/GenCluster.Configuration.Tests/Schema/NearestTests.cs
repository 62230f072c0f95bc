using FsCheck.Xunit;
using GenCluster.Configuration.Schema;
using GenCluster.Core.Models;

namespace GenCluster.Configuration.Tests.Schema;

public sealed class NearestTests
{
    private static readonly string[] Keys = ["steps", "batchSize", "shards", "evaluateEvery", "checkpointEvery", "seed", "threads"];
    private static readonly string[] Paths = [.. ModelCatalogue.Find("dcgan")!.Hyperparameters.Select(h => h.Path)];

    [Theory]
    [InlineData("step", "steps")]
    [InlineData("steps", "steps")]
    [InlineData("batch_size", "batchSize")]
    [InlineData("BATCH-SIZE", "batchSize")]
    [InlineData("evalauteEvery", "evaluateEvery")]
    [InlineData("shard", "shards")]
    [InlineData("sead", "seed")]
    public void A_slip_finds_the_key_that_was_meant(string typed, string meant) => Nearest.To(typed, Keys).ShouldBe(meant);

    [Theory]
    [InlineData("learningRate", "optimizer.generator.learningRate")]
    [InlineData("beta2", "optimizer.beta2")]
    [InlineData("adam.beta1", "optimizer.beta1")]
    [InlineData("discriminator.lerningRate", "optimizer.discriminator.learningRate")]
    [InlineData("generater", "generator.channels")]
    [InlineData("generatr.channels", "generator.channels")]
    [InlineData("latent.size", "latent")]
    public void A_misremembered_path_finds_the_one_that_was_meant(string typed, string meant) => Nearest.ToPath(typed, Paths).ShouldBe(meant);

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("abc", "", 3)]
    [InlineData("abc", "abd", 1)]
    [InlineData("abc", "acb", 1)]
    [InlineData("abcd", "bc", 2)]
    [InlineData("kitten", "sitting", 3)]
    public void Distance_counts_edits(string from, string to, int edits) => Nearest.Distance(from, to).ShouldBe(edits);

    [Property]
    public void Distance_is_symmetric_and_zero_only_between_equals(string? left, string? right)
    {
        (left, right) = (left ?? "", right ?? "");

        Nearest.Distance(left, right).ShouldBe(Nearest.Distance(right, left));
        (Nearest.Distance(left, right) == 0).ShouldBe(left == right);
        Nearest.Distance(left, right).ShouldBeInRange(Math.Abs(left.Length - right.Length), Math.Max(left.Length, right.Length));
    }

    [Property]
    public void A_known_name_is_nearest_to_itself_and_any_text_to_one_of_the_known(string? text)
    {
        Keys.ShouldContain(Nearest.To(text ?? "", Keys));
        Paths.ShouldContain(Nearest.ToPath(text ?? "", Paths));
        Keys.ShouldAllBe(k => Nearest.To(k, Keys) == k);
        Paths.ShouldAllBe(p => Nearest.ToPath(p, Paths) == p);
    }

    [Fact]
    public void Nothing_known_is_a_mistake_of_the_caller()
    {
        Should.Throw<ArgumentException>(() => Nearest.To("a", []));
        Should.Throw<ArgumentException>(() => Nearest.ToPath("a", []));
    }
}
