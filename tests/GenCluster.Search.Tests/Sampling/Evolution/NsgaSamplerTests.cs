using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Search.Sampling;
using GenCluster.Search.Sampling.Evolution;
using GenCluster.Search.Standings;

namespace GenCluster.Search.Tests.Sampling.Evolution;

public sealed class NsgaSamplerTests : SamplerContract
{
    private static readonly ComparisonSpec Two = new([new ObjectiveSpec("f2", Goal.Minimize)], []);

    protected override ISampler Sampler { get; } = new NsgaSampler();

    [Fact]
    public void Fronts_are_peeled_one_after_the_other()
    {
        // By hand: (1,5), (2,3), (4,1) are dominated by none; (3,4) by (2,3); (5,5) by (3,4) too; (2,6) by (1,5).
        Fronts((1, 5), (2, 3), (4, 1), (3, 4), (5, 5), (2, 6)).ShouldBe([0, 0, 0, 1, 2, 1]);
        Fronts((1, 1), (1, 1), (1, 2)).ShouldBe([0, 0, 1]);
        Fronts().ShouldBeEmpty();
    }

    [Fact]
    public void Whatever_breaks_constraints_is_dominated_by_what_breaks_fewer()
    {
        Result[] results = [new([9, 9], 0), new([1, 1], 1), new([2, 2], 1), new([0, 0], 2)];

        Standing.Fronts(results).ShouldBe([0, 1, 2, 3]);
    }

    [Fact]
    public void Crowding_is_the_distance_between_neighbours_in_parts_of_the_extent()
    {
        // f1 from 0 to 10, f2 from 20 to 0: the second has (4 - 0) / 10 + (20 - 4) / 20, the third (10 - 1) / 10 + (8 - 0) / 20.
        double[] crowding = Crowding.Distances([Of(0, 20), Of(1, 8), Of(4, 4), Of(10, 0)]);

        crowding[0].ShouldBe(double.PositiveInfinity);
        crowding[3].ShouldBe(double.PositiveInfinity);
        crowding[1].ShouldBe(1.2, 1e-12);
        crowding[2].ShouldBe(1.3, 1e-12);
    }

    [Fact]
    public void Survivors_are_the_first_fronts_and_of_the_last_the_least_crowded()
    {
        Finished[] all = [.. ((double, double)[])[(0, 20), (1, 8), (4, 4), (10, 0), (11, 21)] is var points ? points.Select(p => new Finished(Assignment.Empty, Of(p.Item1, p.Item2), 0, 1)) : []];

        NsgaSampler.Survivors(all, 3).Select(f => f.Result.Costs[0]).ShouldBe([0, 10, 4]);
        NsgaSampler.Survivors(all, 5).Select(f => f.Result.Costs[0]).ShouldBe([0, 10, 4, 1, 11]);
    }

    [Fact]
    public void Crossover_without_spread_gives_the_parents_and_its_children_are_around_their_middle()
    {
        // Without bounds in the way, u = 0.5 gives a spread of 1 (Deb and Agrawal 1995).
        var (low, high) = Variation.SimulatedBinary(0.6, 0.4, 20, 0.5);
        low.ShouldBe(0.4, 1e-6);
        high.ShouldBe(0.6, 1e-6);

        // u = 0.25: spread (2 * 0.25)^(1/21) = 0.967531.
        (low, high) = Variation.SimulatedBinary(0.4, 0.6, 20, 0.25);
        low.ShouldBe(0.5 - 0.1 * 0.967531, 1e-6);
        high.ShouldBe(0.5 + 0.1 * 0.967531, 1e-6);
    }

    [Theory]
    [InlineData(0.5, 0.5, 0.5)]
    [InlineData(0.5, 0.0, 0.0)] // the lowest step leads to the border
    [InlineData(0.25, 0.25, 0.217641)] // (0.5 + 0.5 * 0.75^21)^(1/21) - 1 = -0.032359
    public void Mutation_is_polynomial(double place, double u, double expected) => Variation.Polynomial(place, 20, u).ShouldBe(expected, 1e-6);

    [Fact]
    public void Operators_never_leave_the_unit_interval()
    {
        var stream = new SearchRandom(9).For(1);
        for (int i = 0; i < 10_000; i++)
        {
            var (low, high) = Variation.SimulatedBinary(stream.NextDouble(), i % 3 == 0 ? 0 : stream.NextDouble(), 2, stream.NextDouble());
            double mutated = Variation.Polynomial(i % 5 == 0 ? 0 : stream.NextDouble(), 1, stream.NextDouble());
            (low is >= 0 and < 1 && high is >= 0 and < 1 && mutated is >= 0 and < 1).ShouldBeTrue($"{low} {high} {mutated}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Comes_much_nearer_to_the_front_of_zdt1_than_chance(ulong seed)
    {
        var setting = Playground.Setting(Playground.Cube(6, 0, 1), ("population", ParameterValue.Of(20))) with { Comparison = Two };
        double bred = Hypervolume(Playground.Search(Sampler, setting, 300, seed, Zdt1));
        double drawn = Hypervolume(Playground.Search(new RandomSampler(), setting, 300, seed, Zdt1));

        // Of the whole front it would be 6.2667: 1.1 * 6 less the 1/3 below the front.
        bred.ShouldBeGreaterThan(drawn + 0.5);
        bred.ShouldBeGreaterThan(5.5);
    }

    [Fact]
    public void A_metric_constraint_moves_the_whole_population()
    {
        var setting = Playground.Setting(Playground.Cube(2, 0, 1), ("population", ParameterValue.Of(10))) with
        {
            Comparison = Two with { Constraints = [new Predicate("f3 <= 0.1")] },
        };

        var history = Playground.Search(Sampler, setting, 150, 1, x => [x[0], x[1], Math.Abs(x[0] + x[1] - 1)]);

        history.Trials.Take(10).Count(t => t.Outcome!.Find("f3") <= 0.1).ShouldBeLessThan(5);
        history.Trials.TakeLast(30).Count(t => t.Outcome!.Find("f3") <= 0.1).ShouldBeGreaterThan(15);
    }

    [Fact]
    public void Trials_that_were_stopped_or_failed_come_after_those_that_were_trained_to_the_end()
    {
        var setting = Playground.Setting(Playground.Cube(1, 0, 1));
        TrialRecord With(TrialPhase phase, double? value, int steps) => new(1, Assignment.Empty, new TrialOutcome(phase, value, null, steps, "", null, ""));
        Finished[] all =
        [
            .. ((TrialRecord[])[With(TrialPhase.Failed, 0, 9), With(TrialPhase.Pruned, 1, 3), With(TrialPhase.Pruned, 5, 6), With(TrialPhase.Succeeded, 9, 9), With(TrialPhase.Succeeded, 8, 9)])
                .Select(t => Finished.Of(setting, t)!),
        ];

        Finished.Order(all).Select(f => Array.IndexOf(all, f)).ShouldBe([4, 3, 2, 1, 0]);
        Finished.Of(setting, new TrialRecord(1, Assignment.Empty, null)).ShouldBeNull();
    }

    [Fact]
    public void A_trial_that_waits_counts_with_what_it_has_shown()
    {
        var waiting = new TrialRecord(3, Assignment.Empty, null) { WaitsAt = 4 };
        var setting = Playground.Setting(Playground.Cube(1, 0, 1)) with { Reports = [new TrialReport(3, new MetricReport(4, [new Metric("f", 7)]))] };

        Finished.Of(setting, waiting).ShouldNotBeNull().ShouldSatisfyAllConditions(f => f.Class.ShouldBe(1), f => f.Steps.ShouldBe(4), f => f.Result.Costs[0].ShouldBe(7));
    }

    /// <summary>Zitzler, Deb and Thiele 2000; the front is f2 = 1 - √f1.</summary>
    private static double[] Zdt1(double[] x)
    {
        double g = 1 + 9 * x.Skip(1).Average();
        return [x[0], g * (1 - Math.Sqrt(x[0] / g))];
    }

    /// <summary>The area between the trials and the point (1.1, 6).</summary>
    private static double Hypervolume(SearchHistory history)
    {
        double area = 0, height = 6;
        foreach (var (x, y) in history.Trials.Select(t => (t.Outcome!.Objective!.Value, t.Outcome.Find("f2")!.Value)).OrderBy(p => p.Item1))
        {
            if (y < height && x < 1.1)
                (area, height) = (area + (1.1 - x) * (height - y), y);
        }

        return area;
    }

    private static int[] Fronts(params (double, double)[] points) => Standing.Fronts([.. points.Select(p => Of(p.Item1, p.Item2))]);

    private static Result Of(double a, double b) => new([a, b], 0);
}
