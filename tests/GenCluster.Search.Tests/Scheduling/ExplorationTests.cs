using GenCluster.Core.Parameters;
using GenCluster.Core.Randomness;
using GenCluster.Core.Search;
using GenCluster.Search.Sampling;
using GenCluster.Search.Scheduling.Population;

namespace GenCluster.Search.Tests.Scheduling;

public sealed class ExplorationTests
{
    private static readonly AlgorithmDescription Pbt = SearchCatalogue.FindScheduler("pbt")!;

    [Theory]
    [InlineData(1, 1.2, 2)] // 1.2 is not a whole number, and staying is no move
    [InlineData(1, 0.8, 1)] // at its bound
    [InlineData(5, 0.8, 4)]
    [InlineData(50, 1.2, 60)]
    [InlineData(95, 1.2, 100)]
    [InlineData(3, 0.8, 2)]
    public void Integers_move_by_at_least_one_and_stay_in_bounds(long value, double factor, long expected) =>
        Neighbours.Moved(new IntUniform(1, 100), ParameterValue.Of(value), factor, factor > 1).ShouldBe(ParameterValue.Of(expected));

    [Theory]
    [InlineData(0, 1.2, true, 1)]
    [InlineData(0, 0.8, false, -1)]
    [InlineData(-1, 1.2, true, -2)]
    [InlineData(-1, 0.8, false, 0)]
    public void Zero_and_negative_integers_move_too(long value, double factor, bool isUp, long expected) =>
        Neighbours.Moved(new IntUniform(-5, 5), ParameterValue.Of(value), factor, isUp).ShouldBe(ParameterValue.Of(expected));

    [Theory]
    [InlineData(0.5, 1.2, 0.6)]
    [InlineData(0.9, 1.2, 1)]
    [InlineData(0.11, 0.8, 0.1)]
    public void Real_numbers_are_clamped(double value, double factor, double expected) =>
        Neighbours.Moved(new Uniform(0.1, 1), ParameterValue.Of(value), factor, factor > 1).AsNumber().ShouldBe(expected, 1e-12);

    [Fact]
    public void A_choice_moves_to_its_neighbour_and_stays_at_the_ends()
    {
        var space = new ParameterSpace([new("c", new Categorical([.. "abcd".Select(c => ParameterValue.Of($"{c}"))], [0.4, 0.3, 0, 0.3]))]);

        Explored(space, "b", ("resampleProbability", 0.0)).ShouldBe(["a", "d"]); // c is never drawn
        Explored(space, "a", ("resampleProbability", 0.0)).ShouldBe(["a", "b"]);
        Explored(space, "d", ("resampleProbability", 0.0)).ShouldBe(["b", "d"]);
    }

    [Fact]
    public void Values_drawn_anew_are_drawn_from_the_distribution()
    {
        var space = new ParameterSpace([new("c", new Categorical([ParameterValue.Of("a"), ParameterValue.Of("b"), ParameterValue.Of("c")], null))]);

        Explored(space, "a", ("resampleProbability", 1.0)).ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public void Without_perturbation_what_is_not_drawn_stays()
    {
        var space = new ParameterSpace([new("c", new Categorical([ParameterValue.Of("a"), ParameterValue.Of("b")], null))]);

        Explored(space, "a", ("resampleProbability", 0.0), ("perturb", false)).ShouldBe(["a"]);
    }

    [Fact]
    public void Numbers_go_up_and_down_equally_often()
    {
        var space = new ParameterSpace([new("x", new Uniform(0, 100))]);
        var parent = new Assignment([new Setting("x", ParameterValue.Of(10.0))]);
        double[] values = [.. Enumerable.Range(1, 400).Select(n => From(space, parent, n, ("resampleProbability", 0.0))["x"].AsNumber())];

        values.Distinct().Order().ShouldBe([8, 12]);
        (values.Count(v => v > 10) / 400.0).ShouldBe(0.5, 0.07);
    }

    [Fact]
    public void Everything_that_comes_out_is_in_the_space()
    {
        var space = new ParameterSpace(
        [
            new("u", new Uniform(-1, 1)), new("l", new LogUniform(1e-5, 1e-1)), new("i", new IntUniform(-3, 3)), new("k", new Constant(ParameterValue.Of(true))),
            new("w", new IntUniform(long.MinValue, long.MaxValue)), new("c", new Categorical([ParameterValue.Of(1), ParameterValue.Of(2)], null)),
        ]);
        var assignment = new RandomSampler().Propose(new SearchHistory(space, new("m", Core.Sweeps.Goal.Minimize), []), 1, Story.Seed)[0].Assignment;

        for (int n = 1; n <= 500; n++)
        {
            assignment = From(space, assignment, n);
            space.Contains(assignment).ShouldBeTrue($"{n}: {assignment}");
        }
    }

    private static IEnumerable<string> Explored(ParameterSpace space, string from, params (string, object)[] options) => Enumerable.Range(1, 100)
        .Select(n => From(space, new Assignment([new Setting("c", ParameterValue.Of(from))]), n, options)["c"].AsText()).Distinct().Order();

    private static Assignment From(ParameterSpace space, Assignment parent, int trial, params (string, object)[] options) =>
        new Exploration(space, new AlgorithmOptions(Pbt, Story.Options(options))).From(parent, path => Story.Seed.ForPath(path).For(trial));
}
