using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Search.Sampling;

namespace GenCluster.Search.Tests.Sampling;

/// <summary>What every sampler promises. A new one inherits this suite and gives itself.</summary>
public abstract class SamplerContract
{
    protected static readonly SearchRandom Seed = new(42);

    private static readonly ObjectiveSpec Objective = new("swd", Goal.Minimize);

    protected abstract ISampler Sampler { get; }

    /// <summary>One of each kind of hyperparameter that the sampler can search.</summary>
    protected virtual ParameterSpace Space { get; } = new([.. Discrete.Parameters, .. Continuous]);

    protected static ParameterSpace Discrete { get; } = new(
    [
        new("constant", new Constant(ParameterValue.Of("only"))),
        new("choice", new Categorical([ParameterValue.Of("a"), ParameterValue.Of("b"), ParameterValue.Of("c")], null)),
        new("weighted", new Categorical([ParameterValue.Of(1), ParameterValue.Of(2)], [0, 1])),
        new("integer", new IntUniform(-3, 3)),
        new("stepped", Quantized.Evenly(0, 1, 0.25, integers: false)),
    ]);

    private static Parameter[] Continuous =>
    [
        new("uniform", new Uniform(-1.5, 2.5)),
        new("log", new LogUniform(1e-6, 1e2)),
        new("wide", new IntUniform(long.MinValue, long.MaxValue)),
        new("narrow", new Uniform(1, Math.BitIncrement(1.0))),
    ];

    /// <summary>Branches that exclude each other, one within another, and a threshold.</summary>
    protected static ParameterSpace Conditional { get; } = new(
    [
        new("choice", new Categorical([ParameterValue.Of("a"), ParameterValue.Of("b")], null)),
        new("deep", new IntUniform(1, 3), new Predicate("layers >= 2")),
        new("layers", new IntUniform(1, 3), new Predicate("choice == 'b'")),
        new("only.a", new IntUniform(1, 40), new Predicate("choice == 'a'")),
        new("other.a", new Categorical([ParameterValue.Of("x"), ParameterValue.Of("y")], null), new Predicate("choice == 'a'")),
    ]);

    /// <summary>About a sixth of all combinations are allowed.</summary>
    protected static ParameterSpace Constrained { get; } = new(
        [new("choice", new Categorical([ParameterValue.Of("a"), ParameterValue.Of("b")], null)), new("x", new IntUniform(0, 9)), new("y", new IntUniform(0, 9))],
        [new Predicate("x < y"), new Predicate("choice == 'a' or x + y > 9"), new Predicate("x % 2 == 0")]);

    public static TheoryData<string> Spaces => ["mixed", "conditional", "constrained"];

    [Fact]
    public void Is_known_by_its_name() =>
        Samplers.Find(Sampler.Name).ShouldBeOfType<SeedsFirst>().Then.ShouldBeOfType(Sampler.GetType());

    [Theory]
    [MemberData(nameof(Spaces))]
    public void Gives_configurations_that_the_space_has(string name)
    {
        var space = SpaceOf(name);

        var proposals = Propose(History(space), 15);

        proposals.Count.ShouldBe(15);
        proposals.ShouldAllBe(p => space.Contains(p.Assignment));
    }

    [Theory]
    [MemberData(nameof(Spaces))]
    public void Gives_configurations_that_the_space_has_after_trials_of_all_kinds(string name)
    {
        var space = SpaceOf(name);

        var proposals = Propose(Mixed(space, 24), 5);

        proposals.Count.ShouldBe(5);
        proposals.ShouldAllBe(p => space.Contains(p.Assignment));
        proposals.Select(p => p.Number).ShouldBe(Enumerable.Range(25, 5));
    }

    [Theory]
    [MemberData(nameof(Spaces))]
    public void Gives_the_same_for_the_same_seed_and_history(string name)
    {
        Propose(History(SpaceOf(name)), 5).ShouldBe(Propose(History(SpaceOf(name)), 5));
        Propose(Mixed(SpaceOf(name), 24), 3).ShouldBe(Propose(Mixed(SpaceOf(name), 24), 3));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public void Gives_as_many_as_asked_for_when_the_space_has_them(int count)
    {
        Propose(History(Space), count).Count.ShouldBe(Math.Max(0, count));
        Propose(Mixed(Space, 24), count).Count.ShouldBe(Math.Max(0, count));
    }

    [Fact]
    public void Numbers_proposals_from_one() => Propose(History(Space), 3).Select(p => p.Number).ShouldBe([1, 2, 3]);

    [Fact]
    public void Goes_on_after_the_highest_number_whatever_became_of_the_trials()
    {
        var history = History(Space, Trial(1, TrialPhase.Succeeded, 0.5), Trial(2, TrialPhase.Failed, null), Trial(3, null, null), Trial(7, TrialPhase.Succeeded, double.NaN));

        Propose(history, 2).Select(p => p.Number).ShouldBe([8, 9]);
    }

    [Fact]
    public void Leaves_the_history_as_it_was()
    {
        var history = Mixed(Space, 24);
        TrialRecord[] trials = [.. history.Trials];
        string before = string.Join('\n', trials.Select(t => $"{t}"));

        Propose(history, 3);

        history.Trials.ShouldBe(trials);
        string.Join('\n', history.Trials).ShouldBe(before);
    }

    [Fact]
    public void Has_one_empty_configuration_for_an_empty_space() =>
        Propose(History(ParameterSpace.Empty), 1).ShouldBe([new Proposal(1, Assignment.Empty)]);

    [Fact]
    public void Finds_the_only_configuration_of_a_space_that_has_one()
    {
        var space = new ParameterSpace([new("a", new Constant(ParameterValue.Of(1.5))), new("b", new IntUniform(7, 7)), new("c", new Categorical([ParameterValue.Of("x")], null))]);

        Propose(History(space), 1).ShouldHaveSingleItem().Assignment.ToString().ShouldBe("a=1.5 b=7 c=x");
    }

    [Fact]
    public void Gives_the_same_whatever_the_order_in_which_the_space_was_written()
    {
        var reversed = new ParameterSpace([.. Space.Parameters.Reverse()]);

        Propose(History(reversed), 3).ShouldBe(Propose(History(Space), 3));
        Propose(Mixed(Space, 24) with { Space = reversed }, 3).ShouldBe(Propose(Mixed(Space, 24), 3));
    }

    [Fact]
    public void Proposes_nothing_when_constraints_leave_nothing()
    {
        var space = new ParameterSpace(Constrained.Parameters, [new Predicate("x < y"), new Predicate("y < x")]);

        Propose(History(space), 3).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(1e300)]
    [InlineData(0)]
    public void Goes_on_whatever_the_only_value_that_trials_give(double value)
    {
        TrialRecord[] trials = [.. Mixed(Space, 20).Trials.Select(t => t with { Outcome = Ended(TrialPhase.Succeeded, value) })];

        var proposals = Propose(History(Space, trials), 2);

        proposals.Count.ShouldBe(2);
        proposals.ShouldAllBe(p => Space.Contains(p.Assignment));
    }

    [Theory]
    [InlineData(TrialPhase.Failed)]
    [InlineData(TrialPhase.Cancelled)]
    [InlineData(TrialPhase.Pruned)]
    [InlineData(null)]
    public void Goes_on_when_no_trial_has_a_value(TrialPhase? phase)
    {
        TrialRecord[] trials = [.. Mixed(Space, 20).Trials.Select(t => t with { Outcome = phase is { } p ? Ended(p, null) : null })];

        Propose(History(Space, trials), 2).Count.ShouldBe(2);
    }

    [Fact]
    public void Maximising_is_minimising_the_negative()
    {
        var history = Mixed(Space, 24);
        var negated = history with
        {
            Objective = Objective with { Goal = Goal.Maximize },
            Trials = [.. history.Trials.Select(t => t with { Outcome = t.Outcome is { } end ? end with { Objective = -end.Objective } : null })],
            Reports = [.. history.Reports.Select(r => r with { Report = new MetricReport(r.Step, [.. r.Report.Metrics.Select(m => m with { Value = -m.Value })]) })],
        };

        Propose(negated, 3).ShouldBe(Propose(history, 3));
    }

    [Fact]
    public void Searches_a_space_of_a_hundred_hyperparameters()
    {
        var space = new ParameterSpace([.. Enumerable.Range(0, 100).Select(i => new Parameter($"p{i:D3}", new IntUniform(0, 9)))]);

        var proposals = Propose(Mixed(space, 12), 2);

        proposals.Count.ShouldBe(2);
        proposals.ShouldAllBe(p => space.Contains(p.Assignment));
    }

    [Fact]
    public void Searches_for_several_objectives_under_constraints_on_metrics()
    {
        var history = Mixed(Space, 24) with { Comparison = new ComparisonSpec([new ObjectiveSpec("time", Goal.Minimize)], [new Predicate("time < 5")]) };

        var proposals = Propose(history, 2);

        proposals.Count.ShouldBe(2);
        proposals.ShouldAllBe(p => Space.Contains(p.Assignment));
    }

    [Fact]
    public void Takes_what_another_sweep_found_as_far_as_it_is_of_this_space()
    {
        var trials = Mixed(Space, 24).Trials;
        Evidence[] evidence =
        [
            .. trials.Select(t => new Evidence(t.Assignment, [t.Number])),
            new(new Assignment([new("unknown", ParameterValue.Of(1))]), [1]),
            new(new Assignment([new("integer", ParameterValue.Of(99))]), [1]),
            new(trials[0].Assignment, [1, 2, 3]),
            new(trials[0].Assignment, [double.NaN]),
        ];

        var proposals = Propose(History(Space) with { Evidence = evidence }, 2);

        proposals.Select(p => p.Number).ShouldBe([1, 2]);
        proposals.ShouldAllBe(p => Space.Contains(p.Assignment));
    }

    [Fact]
    public void Searches_on_after_the_space_was_changed()
    {
        var narrowed = new ParameterSpace([.. Space.Parameters.Where(p => p.Path is not "stepped").Select(p => p.Path is "integer" ? p with { Distribution = new IntUniform(0, 5) } : p)]);

        var proposals = Propose(Mixed(Space, 24) with { Space = narrowed }, 3);

        proposals.Count.ShouldBe(3);
        proposals.ShouldAllBe(p => narrowed.Contains(p.Assignment));
    }

    [Fact]
    public void Begins_with_the_seed_trials()
    {
        var seed = new Assignment([new("choice", ParameterValue.Of("b")), new("integer", ParameterValue.Of(-2))]);

        var proposals = new SeedsFirst(Sampler).Propose(History(Space) with { SeedTrials = [seed] }, 3, Seed);

        proposals.Select(p => p.Number).ShouldBe([1, 2, 3]);
        (proposals[0].Assignment["choice"], proposals[0].Assignment["integer"]).ShouldBe((ParameterValue.Of("b"), ParameterValue.Of(-2)));
        proposals.ShouldAllBe(p => Space.Contains(p.Assignment));
    }

    protected IReadOnlyList<Proposal> Propose(SearchHistory history, int count) => Sampler.Propose(history, count, Seed);

    protected static SearchHistory History(ParameterSpace space, params TrialRecord[] trials) => new(space, Objective, trials);

    /// <summary>A history with trials of all kinds, spread over the space: equal values, failed, pruned, cancelled, running ones.</summary>
    protected static SearchHistory Mixed(ParameterSpace space, int count)
    {
        List<TrialRecord> trials = [];
        List<TrialReport> reports = [];
        foreach (var proposal in new RandomSampler().Propose(History(space), count, new SearchRandom(7)))
        {
            double value = proposal.Number * 37 % 10;
            var metrics = new Metric[] { new("swd", value), new("time", proposal.Number % 7) };
            if (proposal.Number % 6 == 0)
                reports.Add(new TrialReport(proposal.Number, new MetricReport(proposal.Number % 4, metrics)));
            trials.Add(new TrialRecord(proposal.Number, proposal.Assignment, (proposal.Number % 12) switch
            {
                0 or 6 => Ended(TrialPhase.Pruned, null),
                1 => Ended(TrialPhase.Failed, null, FailureClass.NonFinite),
                2 => Ended(TrialPhase.Succeeded, double.NaN),
                3 => null,
                4 => Ended(TrialPhase.Failed, null, FailureClass.Lost),
                _ => Ended(TrialPhase.Succeeded, value) with { Metrics = metrics },
            }));
        }

        return History(space, [.. trials]) with { Reports = reports };
    }

    /// <summary>Random configurations, each with its objective.</summary>
    protected static SearchHistory Evaluated(ParameterSpace space, int count, Func<Assignment, double> objective) => History(
        space,
        [
            .. new RandomSampler().Propose(History(space), count, new SearchRandom(7))
                .Select(p => new TrialRecord(p.Number, p.Assignment, Ended(TrialPhase.Succeeded, objective(p.Assignment)))),
        ]);

    protected static Assignment Option(string name, ParameterValue value) => new([new Setting(name, value)]);

    protected static TrialOutcome Ended(TrialPhase phase, double? objective, FailureClass? failure = null) => new(phase, objective, null, 10, "", failure, "");

    /// <summary>A trial in the middle of the space; one without a phase is running.</summary>
    protected TrialRecord Trial(int number, TrialPhase? phase, double? objective) =>
        new(number, Space.At(_ => 0.5), phase is { } ended ? Ended(ended, objective) : null);

    private ParameterSpace SpaceOf(string name) => name switch { "mixed" => Space, "conditional" => Conditional, _ => Constrained };
}
