using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Search.Sampling;

namespace GenCluster.Search.Tests.Sampling.Evolution;

public sealed class GeneticSamplerTests : SamplerContract
{
    protected override ISampler Sampler { get; } = new GeneticSampler();

    [Theory]
    [InlineData("blend")]
    [InlineData("uniform")]
    public void Is_far_better_than_chance_on_a_sphere(string crossover)
    {
        double[] found = [.. Enumerable.Range(1, 5).Select(seed => Playground.Search(
            Sampler, Playground.Setting(Playground.Cube(5, -5, 5), ("crossover", ParameterValue.Of(crossover))), 200, (ulong)seed, x => [Playground.Sphere(x)]).Best())];

        found.Order().ElementAt(2).ShouldBeLessThan(1); // chance: 4.9 after 200, in the median
    }

    [Fact]
    public void Finds_the_best_of_many_choices()
    {
        var space = new ParameterSpace([.. Enumerable.Range(0, 4).Select(i => new Parameter($"c{i}", new Categorical([.. "abcdefgh".Select(c => ParameterValue.Of($"{c}"))], null)))]);

        var history = Playground.Search(Sampler, Playground.Setting(space), 250, 1, x => [x.Sum(v => Math.Abs(v - 5))]);

        history.Best().ShouldBe(0);
    }

    [Fact]
    public void Without_changes_children_are_copies_of_the_winners()
    {
        var space = Playground.Cube(2, 0, 1);
        (string, ParameterValue)[] options =
        [
            ("population", ParameterValue.Of(4)), ("crossoverProbability", ParameterValue.Of(0.0)), ("mutationScale", ParameterValue.Of(0.0)), ("tournament", ParameterValue.Of(50)),
        ];
        var history = Playground.Search(Sampler, Playground.Setting(space, options), 4, 1, x => [Playground.Sphere(x)]);

        var child = Sampler.Propose(history, 1, new SearchRandom(1))[0].Assignment;

        var best = history.Trials.MinBy(t => t.Outcome!.Objective)!.Assignment;
        child["x0"].AsNumber().ShouldBe(best["x0"].AsNumber(), 1e-12);
        child["x1"].AsNumber().ShouldBe(best["x1"].AsNumber(), 1e-12);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(0, false)]
    public void The_elite_is_never_forgotten(int elite, bool isRemembered)
    {
        var space = Playground.Cube(1, 0, 1);
        (string, ParameterValue)[] options =
        [
            ("population", ParameterValue.Of(5)), ("elite", ParameterValue.Of(elite)), ("crossoverProbability", ParameterValue.Of(0.0)),
            ("mutationScale", ParameterValue.Of(0.0)), ("tournament", ParameterValue.Of(100)),
        ];
        Core.Sweeps.TrialRecord At(int number, double x) => Playground.Ended(number, new Assignment([new Setting("x0", ParameterValue.Of(x))]), x);
        var history = Playground.Setting(space, options) with { Trials = [At(1, 0.01), .. Enumerable.Range(2, 9).Select(n => At(n, 0.5 + n / 100.0))] };

        double child = Sampler.Propose(history, 1, Seed)[0].Assignment["x0"].AsNumber();

        (Math.Abs(child - 0.01) < 1e-9).ShouldBe(isRemembered);
    }

    [Fact]
    public void Keeps_to_conditions_and_constraints()
    {
        var space = new ParameterSpace(
            [new("kind", new Categorical([ParameterValue.Of("a"), ParameterValue.Of("b")], null)), new("x", new Uniform(0, 1)), new("y", new Uniform(0, 1), new Predicate("kind == 'b'"))],
            [new Predicate("x + y <= 1")]);

        var history = Playground.Search(Sampler, Playground.Setting(space), 150, 1, x => [-x.Sum()]);

        history.Trials.ShouldAllBe(t => space.Contains(t.Assignment));
    }

    [Fact]
    public void A_space_whose_constraints_leave_nothing_has_no_proposals()
    {
        var space = new ParameterSpace([new("x", new Uniform(0, 1))], [new Predicate("x > 2")]);

        Sampler.Propose(Playground.Setting(space), 3, Seed).ShouldBeEmpty();
    }
}
