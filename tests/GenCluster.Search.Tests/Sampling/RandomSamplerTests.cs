using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Search.Sampling;

namespace GenCluster.Search.Tests.Sampling;

public sealed class RandomSamplerTests : SamplingByChance
{
    private const int Draws = 4000;

    protected override ISampler Sampler { get; } = new RandomSampler();

    [Fact]
    public void Removing_a_hyperparameter_leaves_the_values_of_the_others()
    {
        var without = new ParameterSpace([.. Space.Parameters.Where(p => p.Path is not "choice")]);

        var all = Propose(History(Space), 10);
        var fewer = Propose(History(without), 10);

        fewer.Select(p => p.Assignment).ShouldBe(all.Select(p => new Assignment([.. p.Assignment.Settings.Where(s => s.Path is not "choice")])));
    }

    [Fact]
    public void Asking_in_portions_gives_the_same_as_asking_at_once()
    {
        var history = History(Space, Trial(1, null, null), Trial(2, null, null));

        Propose(history, 1).ShouldBe([Propose(History(Space), 3)[2]]);
    }

    [Theory]
    [InlineData(1, "a", 2, 2.221693735144855)]
    [InlineData(2, "c", -1, 2.0646539800630506)]
    public void Values_are_fixed_for_all_time(int trial, string choice, long integer, double uniform)
    {
        // Computed once by another implementation of Philox and FNV-1a. A change would change every sweep ever run.
        var assignment = Propose(History(Space), 2)[trial - 1].Assignment;

        assignment["choice"].ShouldBe(ParameterValue.Of(choice));
        assignment["integer"].ShouldBe(ParameterValue.Of(integer));
        assignment["uniform"].ShouldBe(ParameterValue.Of(uniform));
    }

    [Theory]
    [InlineData("uniform")]
    [InlineData("log")]
    public void Real_values_follow_their_distribution(string path)
    {
        // Kolmogorov and Smirnov: the greatest distance between the two distribution functions, at the 1 % level.
        double[] sorted = [.. Drawn(path).Select(v => Probability(path, v.AsNumber())).Order()];
        double distance = sorted.Index().Max(p => Math.Max(Math.Abs(p.Item - (p.Index / (double)Draws)), Math.Abs(p.Item - ((p.Index + 1) / (double)Draws))));

        distance.ShouldBeLessThan(1.63 / Math.Sqrt(Draws));
    }

    [Theory]
    [InlineData("choice", 3, 9.21)]
    [InlineData("integer", 7, 16.81)]
    public void Equally_likely_values_are_equally_frequent(string path, int values, double critical)
    {
        // Pearson's chi-squared at the 1 % level, values - 1 degrees of freedom.
        int[] counts = [.. Drawn(path).GroupBy(v => v).Select(g => g.Count())];
        double expected = Draws / (double)values;

        counts.Length.ShouldBe(values);
        counts.Sum(c => (c - expected) * (c - expected) / expected).ShouldBeLessThan(critical);
    }

    [Fact]
    public void A_value_of_probability_zero_never_comes() => Drawn("weighted").ShouldAllBe(v => v == ParameterValue.Of(2));

    [Fact]
    public void Hyperparameters_are_independent_of_each_other()
    {
        double[] x = [.. Drawn("uniform").Select(v => Probability("uniform", v.AsNumber()) - 0.5)];
        double[] y = [.. Drawn("log").Select(v => Probability("log", v.AsNumber()) - 0.5)];

        double correlation = x.Zip(y, (a, b) => a * b).Average() * 12; // the variance of a uniform number is 1/12

        Math.Abs(correlation).ShouldBeLessThan(2.58 / Math.Sqrt(Draws));
    }

    private IEnumerable<ParameterValue> Drawn(string path) => Propose(History(Space), Draws).Select(p => p.Assignment[path]);

    private static double Probability(string path, double value) => path is "uniform"
        ? (value + 1.5) / 4
        : (Math.Log(value) - Math.Log(1e-6)) / (Math.Log(1e2) - Math.Log(1e-6));
}
