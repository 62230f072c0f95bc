using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Search.Sampling;

namespace GenCluster.Search.Tests.Sampling;

public sealed class GpSamplerTests : SamplingByChance
{
    private static readonly ParameterSpace Line = new([new("x", new Uniform(0, 1))]);

    protected override ISampler Sampler { get; } = new GpSampler();

    [Fact]
    public void Begins_with_the_points_of_a_scrambled_Sobol_sequence() => Propose(History(Line), 10).ShouldBe(new SobolSampler().Propose(History(Line), 10, Seed));

    [Fact]
    public void Finds_the_bottom_of_a_valley()
    {
        var history = Evaluated(Line, 12, a => Math.Pow(a["x"].Number - 0.3, 2));

        Propose(history, 1)[0].Assignment["x"].Number.ShouldBe(0.3, 0.02);
    }

    [Fact]
    public void Proposals_side_by_side_keep_apart()
    {
        var history = Evaluated(Line, 12, a => Math.Sin(9 * a["x"].Number));

        double[] xs = [.. Propose(history, 4).Select(p => p.Assignment["x"].Number)];

        xs.SelectMany((x, i) => xs.Skip(i + 1).Select(y => Math.Abs(x - y))).Min().ShouldBeGreaterThan(1e-3);
    }

    [Fact]
    public void Tries_no_configuration_twice_while_there_are_others()
    {
        var space = new ParameterSpace([new("a", new IntUniform(0, 4)), new("b", new Categorical([ParameterValue.Of("x"), ParameterValue.Of("y")], null))]);
        var history = History(space) with { Options = Option("startupTrials", ParameterValue.Of(1)) };
        List<TrialRecord> trials = [];
        while (trials.Count < 10)
        {
            var proposal = Propose(history with { Trials = trials }, 1)[0];
            trials.Add(new TrialRecord(proposal.Number, proposal.Assignment, Ended(TrialPhase.Succeeded, proposal.Assignment["a"].Integer)));
        }

        trials.Select(t => t.Assignment).ShouldBeUnique();
        Propose(history with { Trials = trials }, 1).Count.ShouldBe(1); // all were tried, and still it answers
    }

    [Fact]
    public void Finds_the_best_values_of_steps_and_choices_together()
    {
        var space = new ParameterSpace(
        [
            new("choice", new Categorical([.. Enumerable.Range(0, 6).Select(i => ParameterValue.Of($"c{i}"))], null)),
            new("n", new IntUniform(0, 100)),
            new("step", Quantized.Evenly(0, 1, 0.1, integers: false)),
        ]);
        double best = Search(space, 45, a => Math.Abs(a["n"].Integer - 42) / 20.0 + Math.Abs(a["step"].Number - 0.7) + (a["choice"] == ParameterValue.Of("c4") ? 0 : 1));

        best.ShouldBeLessThan(0.11); // one step of n or less beside the best of 6 666
    }

    [Fact]
    public void Finds_the_best_branch_and_the_best_value_in_it()
    {
        double best = Search(Conditional, 40, a => a.Find("only.a") is { } width ? Math.Abs(width.Integer - 17) / 10.0 + (a["other.a"] == ParameterValue.Of("y") ? 0 : 1) : 3 - a["layers"].Integer / 3.0);

        best.ShouldBeLessThanOrEqualTo(0.1);
    }

    [Fact]
    public void Failed_trials_count_as_the_worst_that_there_is()
    {
        var history = Evaluated(Line, 30, a => a["x"].Number);
        var failing = history with { Trials = [.. history.Trials.Select(t => t.Assignment["x"].Number < 0.5 ? t with { Outcome = Ended(TrialPhase.Failed, null, FailureClass.NonFinite) } : t)] };

        Propose(failing, 1)[0].Assignment["x"].Number.ShouldBeInRange(0.4, 0.7);
    }

    [Fact]
    public void A_pruned_trial_is_no_better_than_the_median()
    {
        // Pruned ones report less and less towards 0 while the others say that the best is at 0.8.
        var history = Evaluated(Line, 24, a => Math.Abs(a["x"].Number - 0.8));
        var pruned = history with
        {
            Trials = [.. history.Trials.Select(t => t.Assignment["x"].Number < 0.5 ? t with { Outcome = Ended(TrialPhase.Pruned, -100 + t.Assignment["x"].Number) } : t)],
        };

        Propose(pruned, 1)[0].Assignment["x"].Number.ShouldBe(0.8, 0.1);
    }

    [Fact]
    public void Two_objectives_are_weighed_differently_from_trial_to_trial()
    {
        var history = Evaluated(Line, 12, a => a["x"].Number) with { Comparison = new ComparisonSpec([new ObjectiveSpec("other", Goal.Minimize)], []) };
        var both = history with { Trials = [.. history.Trials.Select(t => t with { Outcome = t.Outcome! with { Metrics = [new("other", 1 - t.Assignment["x"].Number)] } })] };

        double[] xs = [.. Propose(both, 8).Select(p => p.Assignment["x"].Number)];

        (xs.Max() - xs.Min()).ShouldBeGreaterThan(0.3);
    }

    private double Search(ParameterSpace space, int count, Func<Assignment, double> objective)
    {
        List<TrialRecord> trials = [];
        while (trials.Count < count)
        {
            var proposal = Propose(History(space, [.. trials]), 1)[0];
            trials.Add(new TrialRecord(proposal.Number, proposal.Assignment, Ended(TrialPhase.Succeeded, objective(proposal.Assignment))));
        }

        return trials.Min(t => t.Outcome!.Objective!.Value);
    }
}
