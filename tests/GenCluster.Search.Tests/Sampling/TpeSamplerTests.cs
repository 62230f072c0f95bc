using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Search.Sampling;

namespace GenCluster.Search.Tests.Sampling;

public sealed class TpeSamplerTests : SamplingByChance
{
    private static readonly ParameterSpace Line = new([new("x", new Uniform(0, 1))]);

    protected override ISampler Sampler { get; } = new TpeSampler();

    [Fact]
    public void Is_random_until_ten_trials_have_a_value()
    {
        var random = new RandomSampler();
        var nine = Sloped(9);
        var ten = Sloped(10);

        Propose(nine, 1).ShouldBe(random.Propose(nine, 1, Seed));
        Propose(ten, 1).ShouldNotBe(random.Propose(ten, 1, Seed));
    }

    [Fact]
    public void Failed_and_running_trials_do_not_end_the_beginning()
    {
        var nine = Sloped(9);
        var more = nine with
        {
            Trials = [.. nine.Trials, new TrialRecord(10, At(0.5), null), new TrialRecord(11, At(0.6), Ended(TrialPhase.Failed, null, FailureClass.NonFinite))],
        };

        Propose(more, 1).ShouldBe(new RandomSampler().Propose(more, 1, Seed));
    }

    [Fact]
    public void What_another_sweep_found_ends_the_beginning()
    {
        var known = History(Line) with { Evidence = [.. Sloped(20).Trials.Select(t => new Evidence(t.Assignment, [t.Outcome!.Objective!.Value]))] };

        Propose(known, 20).Average(p => p.Assignment["x"].Number).ShouldBeLessThan(0.3);
    }

    [Fact]
    public void Proposes_where_good_trials_were() => Xs(Sloped(60), 20).Average().ShouldBeLessThan(0.15); // the objective is x

    [Fact]
    public void Keeps_away_from_where_trials_still_run()
    {
        var quiet = Sloped(40);
        double middle = Ask(quiet).Average();
        var busy = quiet with { Trials = [.. quiet.Trials, .. Enumerable.Range(0, 20).Select(i => new TrialRecord(41 + i, At(middle + (0.001 * (i - 10))), null))] };

        Far(busy).ShouldBeGreaterThan(2 * Far(quiet));

        double Far(SearchHistory history) => Ask(history).Average(x => Math.Abs(x - middle));

        static double[] Ask(SearchHistory history) =>
            [.. Enumerable.Range(0, 40).Select(seed => new TpeSampler().Propose(history, 1, new SearchRandom((ulong)seed))[0].Assignment["x"].Number)];
    }

    [Fact]
    public void Failed_trials_are_bad()
    {
        // Everything below a half fails; the best value that is left is just above it.
        var history = Sloped(60);
        var failing = history with { Trials = [.. history.Trials.Select(t => t.Assignment["x"].Number < 0.5 ? t with { Outcome = Ended(TrialPhase.Failed, null, FailureClass.NonFinite) } : t)] };

        double[] xs = Xs(failing, 20);

        xs.Count(x => x >= 0.5).ShouldBeGreaterThan(15);
        xs.Average().ShouldBeLessThan(0.7);
    }

    [Fact]
    public void Infeasible_trials_are_bad()
    {
        var history = Sloped(60) with { Comparison = new ComparisonSpec([], [new Predicate("size >= 5")]) };
        var infeasible = history with { Trials = [.. history.Trials.Select(t => t with { Outcome = t.Outcome! with { Metrics = [new("size", t.Assignment["x"].Number * 10)] } })] };

        double[] xs = Xs(infeasible, 20);

        xs.Count(x => x >= 0.5).ShouldBeGreaterThan(15);
        xs.Average().ShouldBeLessThan(0.7);
    }

    [Fact]
    public void Hyperparameters_together_see_what_each_alone_does_not()
    {
        // Good where x and y are the same; either by itself says little.
        Categorical letters = new([.. "abcde".Select(letter => ParameterValue.Of($"{letter}"))], null);
        var history = Evaluated(new ParameterSpace([new("x", letters), new("y", letters)]), 150, a => a["x"] == a["y"] ? 0 : 1);

        Propose(history, 20).Count(p => p.Assignment["x"] == p.Assignment["y"]).ShouldBeGreaterThan(17); // by chance 4
        Propose(history with { Options = Option("multivariate", ParameterValue.Of(false)) }, 20).ShouldNotBe(Propose(history, 20));
    }

    [Fact]
    public void In_a_branch_it_learns_from_trials_of_that_branch()
    {
        // With 'b' the depth should be 3 and with 'a' the width 40; 'a' is better by far.
        var history = Evaluated(Conditional, 80, a => a.Find("only.a") is { } width ? 40 - width.Integer : 100 - a["layers"].Integer);

        var proposals = Propose(history, 20);

        proposals.Count(p => p.Assignment["choice"] == ParameterValue.Of("a")).ShouldBeGreaterThan(14);
        proposals.Where(p => p.Assignment.Find("only.a") is not null).Average(p => p.Assignment["only.a"].Integer).ShouldBeGreaterThan(30);
    }

    [Fact]
    public void Two_objectives_lead_to_the_front_between_their_optima()
    {
        // x and 1 - x cannot both be small; y adds to both and should be 0.
        var space = new ParameterSpace([new("x", new Uniform(0, 1)), new("y", new Uniform(0, 1))]);
        var history = Evaluated(space, 100, a => a["x"].Number + a["y"].Number) with { Comparison = new ComparisonSpec([new ObjectiveSpec("other", Goal.Minimize)], []) };
        var both = history with
        {
            Trials = [.. history.Trials.Select(t => t with { Outcome = t.Outcome! with { Metrics = [new("other", 1 - t.Assignment["x"].Number + t.Assignment["y"].Number)] } })],
        };

        var proposals = Propose(both, 20);

        proposals.Average(p => p.Assignment["y"].Number).ShouldBeLessThan(0.2);
        (proposals.Max(p => p.Assignment["x"].Number) - proposals.Min(p => p.Assignment["x"].Number)).ShouldBeGreaterThan(0.5);
    }

    [Fact]
    public void More_startup_trials_make_a_longer_beginning()
    {
        var history = Sloped(30) with { Options = Option("startupTrials", ParameterValue.Of(31)) };

        Propose(history, 1).ShouldBe(new RandomSampler().Propose(history, 1, Seed));
    }

    [Fact]
    public void Adding_to_the_past_changes_the_future() => Propose(Sloped(40), 1)[0].Assignment.ShouldNotBe(Propose(Sloped(41) with { Trials = [.. Sloped(41).Trials.Skip(1)] }, 1)[0].Assignment);

    private static SearchHistory Sloped(int trials) => Evaluated(Line, trials, a => a["x"].Number);

    private double[] Xs(SearchHistory history, int count) => [.. Propose(history, count).Select(p => p.Assignment["x"].Number)];

    private static Assignment At(double x) => new([new("x", ParameterValue.Of(x))]);
}
