using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Search.Sampling;
using GenCluster.Search.Sampling.CmaEs;

namespace GenCluster.Search.Tests.Sampling.Evolution;

public sealed class CmaEsSamplerTests : SamplerContract
{
    protected override ISampler Sampler { get; } = new CmaEsSampler();

    [Fact]
    public void Constants_are_those_of_the_tutorial()
    {
        // By hand for n = 5: λ = 4 + ⌊3 ln 5⌋ = 8, and raw weights ln 4.5 − ln i = 1.504077, 0.810930, 0.405465, 0.117783.
        CmaEsConstants.DefaultLambda(5).ShouldBe(8);
        var c = new CmaEsConstants(5, 8);

        c.Mu.ShouldBe(4);
        foreach (var (weight, expected) in c.Weights.Zip([0.529930, 0.285715, 0.142857, 0.041498]))
            weight.ShouldBe(expected, 1e-5);
        c.MuEff.ShouldBe(2.600182, 1e-5);
        c.CSigma.ShouldBe(0.365089, 1e-5);
        c.DSigma.ShouldBe(1.365089, 1e-5);
        c.CC.ShouldBe(0.450200, 1e-5);
        c.C1.ShouldBe(0.047292, 1e-5);
        c.CMu.ShouldBe(0.047859, 1e-5);
        c.Chi.ShouldBe(2.128, 1e-3);
    }

    [Fact]
    public void Eigenvectors_put_a_matrix_together_again()
    {
        double[,] a = { { 4, 1, -2 }, { 1, 3, 0.5 }, { -2, 0.5, 5 } };

        var (values, v) = SymmetricEigen.Of(a);

        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                Enumerable.Range(0, 3).Sum(k => v[i, k] * values[k] * v[j, k]).ShouldBe(a[i, j], 1e-12);
                Enumerable.Range(0, 3).Sum(k => v[k, i] * v[k, j]).ShouldBe(i == j ? 1 : 0, 1e-12);
            }
        }
    }

    [Fact]
    public void One_generation_moves_the_distribution_as_the_equations_say()
    {
        // n = 1, λ = 4: weights ln 2.5 − ln i over their sum, 0.804163 and 0.195837; C = 1 and σ = 0.1 at first.
        var c = new CmaEsConstants(1, 4);
        double step = 0.804163 * -1 + 0.195837 * 0.5; // of y = -1 and 0.5
        double path = Math.Sqrt(c.CSigma * (2 - c.CSigma) * c.MuEff) * step;

        var next = new CmaEsState(c, [0.5], 0.1).After([[0.4], [0.55]]);

        next.Mean[0].ShouldBe(0.5 + 0.1 * step, 1e-6);
        next.Sigma.ShouldBe(0.1 * Math.Exp(c.CSigma / c.DSigma * (Math.Abs(path) / c.Chi - 1)), 1e-6);
        double pathC = Math.Sqrt(c.CC * (2 - c.CC) * c.MuEff) * step;
        double variance = 1 - c.C1 - c.CMu + c.C1 * pathC * pathC + c.CMu * (0.804163 + 0.195837 * 0.25);
        next.Deviation(0).ShouldBe(next.Sigma * Math.Sqrt(variance), 1e-6);
    }

    [Fact]
    public void A_step_from_far_away_counts_only_as_far_as_a_long_one()
    {
        var c = new CmaEsConstants(2, 6);

        var next = new CmaEsState(c, [0.5, 0.5], 0.01).After([[0.9, 0.5], [0.9, 0.5], [0.9, 0.5]]);

        next.Mean[0].ShouldBe(0.5 + 0.01 * (Math.Sqrt(2) + 1), 1e-12);
    }

    [Fact]
    public void Falls_on_a_sphere_as_fast_as_the_equations_promise()
    {
        // Another program of the same equations gives 1e-8 to 6e-6 after 600 evaluations, and 2.5e-7 in the median of 9 seeds.
        double[] found = [.. Enumerable.Range(1, 5).Select(seed => Playground.Search(
            Sampler, Playground.Setting(Playground.Cube(5, -5, 5)), 600, (ulong)seed, x => [Playground.Sphere([.. x.Select(v => v - 1)])], parallel: 8).Best())];

        found.Order().ElementAt(2).ShouldBeLessThan(1e-6);
        found.Max().ShouldBeLessThan(1e-5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Learns_the_axes_of_an_ellipsoid(ulong seed)
    {
        // The other program has 5e-12 or less after 2,400 evaluations, and still 0.1 after 1,600.
        var history = Playground.Search(Sampler, Playground.Setting(Playground.Cube(5, -5, 5)), 2400, seed, x => [Playground.Ellipsoid(x)], parallel: 8);

        history.Best().ShouldBeLessThan(1e-8);
    }

    [Fact]
    public void Trials_at_a_time_cost_little()
    {
        var history = Playground.Search(Sampler, Playground.Setting(Playground.Cube(5, -5, 5)), 800, 3, x => [Playground.Sphere(x)], parallel: 5);

        history.Best().ShouldBeLessThan(1e-4);
    }

    [Fact]
    public void Moves_numbers_on_steps_and_choices_to_the_best()
    {
        var space = new ParameterSpace(
        [
            new("a", new IntUniform(-20, 20)), new("b", new IntUniform(0, 1)), new("c", new Categorical([.. "abcdef".Select(c => ParameterValue.Of($"{c}"))], null)),
            new("d", new Uniform(-5, 5)),
        ]);

        var history = Playground.Search(Sampler, Playground.Setting(space), 300, 2, x => [Math.Abs(x[0] - 7) + (1 - x[1]) + Math.Abs(x[2] - 4) + x[3] * x[3]]);

        history.Best().ShouldBeLessThan(0.01);
        history.Trials.TakeLast(50).Count(t => t.Assignment["c"] == ParameterValue.Of("e")).ShouldBeGreaterThan(25);
    }

    [Fact]
    public void Begins_anew_with_a_larger_generation_when_it_has_settled()
    {
        var setting = Playground.Setting(Playground.Cube(2, -5, 5));
        var history = Playground.Search(Sampler, setting, 700, 1, x => [Playground.Sphere(x)]);
        CmaEsSearch Searched(int trials, params (string, ParameterValue)[] options) =>
            new(history with { Trials = [.. history.Trials.Take(trials)] }, new AlgorithmOptions(SearchCatalogue.FindSampler("cmaes")!, Playground.Setting(setting.Space, options).Options), new SearchRandom(1));

        Searched(100).Restarts.ShouldBe(0);
        Searched(700).Restarts.ShouldBeGreaterThan(0);
        Searched(700, ("restarts", ParameterValue.Of(false))).Restarts.ShouldBe(0);
    }

    [Fact]
    public void A_generation_that_is_not_complete_changes_nothing()
    {
        var setting = Playground.Setting(Playground.Cube(2, 0, 1)); // six trials a generation
        var history = Playground.Search(Sampler, setting, 8, 1, x => [Playground.Sphere(x)]);
        CmaEsState After(SearchHistory h) => new CmaEsSearch(h, new AlgorithmOptions(SearchCatalogue.FindSampler("cmaes")!, Assignment.Empty), new SearchRandom(1)).State;

        After(history).Generation.ShouldBe(1);
        After(history with { Trials = [.. history.Trials.Take(5)] }).Generation.ShouldBe(0);
        After(history with { Trials = [history.Trials[0] with { Outcome = null }, .. history.Trials.Skip(1)] }).Generation.ShouldBe(0);
    }

    [Fact]
    public void Failures_count_as_worst()
    {
        // Everything above 0.5 fails; the mean goes below.
        var setting = Playground.Setting(Playground.Cube(1, 0, 1));
        List<TrialRecord> records = [];
        for (int i = 0; i < 60; i++)
        {
            var proposal = Sampler.Propose(setting with { Trials = [.. records] }, 1, new SearchRandom(2))[0];
            bool fails = proposal.Assignment["x0"].AsNumber() > 0.5;
            records.Add(fails
                ? new TrialRecord(proposal.Number, proposal.Assignment, new TrialOutcome(TrialPhase.Failed, null, null, 0, "", FailureClass.NonFinite, ""))
                : Playground.Ended(proposal.Number, proposal.Assignment, -proposal.Assignment["x0"].AsNumber()));
        }

        records.Where(r => r.Outcome!.Objective is not null).Min(r => r.Outcome!.Objective!.Value).ShouldBeLessThan(-0.49);
        records.TakeLast(20).Count(r => r.Outcome!.Phase is TrialPhase.Succeeded).ShouldBeGreaterThan(5);
    }

    [Fact]
    public void Begins_at_the_best_of_what_is_known_from_elsewhere()
    {
        var setting = Playground.Setting(Playground.Cube(1, 0, 1), ("sigma", ParameterValue.Of(0.001))) with
        {
            Evidence = [new(new Assignment([new Setting("x0", ParameterValue.Of(0.2))]), [5]), new(new Assignment([new Setting("x0", ParameterValue.Of(0.9))]), [1])],
        };

        Sampler.Propose(setting, 5, Seed).ShouldAllBe(p => Math.Abs(p.Assignment["x0"].AsNumber() - 0.9) < 0.01);
    }

    [Fact]
    public void Refuses_a_space_of_choices_only()
    {
        Sampler.RefusalOf(new ParameterSpace([new("c", new Categorical([ParameterValue.Of("a"), ParameterValue.Of("b")], null))]))
            .ShouldBe("it moves numbers, and there are only choices; use random, tpe or genetic");
        Sampler.RefusalOf(ParameterSpace.Empty).ShouldBeNull();
        Sampler.RefusalOf(Space).ShouldBeNull();
    }

    [Fact]
    public void Keeps_to_conditions_and_constraints()
    {
        var space = new ParameterSpace(
            [new("kind", new Categorical([ParameterValue.Of("a"), ParameterValue.Of("b")], null)), new("x", new Uniform(0, 1)), new("y", new Uniform(0, 1), new Predicate("kind == 'b'"))],
            [new Predicate("x + y <= 1")]);

        var history = Playground.Search(Sampler, Playground.Setting(space), 120, 1, x => [x.Sum()]);

        history.Trials.ShouldAllBe(t => space.Contains(t.Assignment));
    }
}
