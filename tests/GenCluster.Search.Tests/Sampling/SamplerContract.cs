using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;

namespace GenCluster.Search.Tests.Sampling;

/// <summary>What every sampler promises. A new one inherits this suite and gives itself.</summary>
public abstract class SamplerContract
{
    protected static readonly SearchRandom Seed = new(42);

    protected static readonly ParameterSpace Space = new(
    [
        new("constant", new Constant(ParameterValue.Of("only"))),
        new("choice", new Categorical([ParameterValue.Of("a"), ParameterValue.Of("b"), ParameterValue.Of("c")], null)),
        new("weighted", new Categorical([ParameterValue.Of(1), ParameterValue.Of(2)], [0, 1])),
        new("uniform", new Uniform(-1.5, 2.5)),
        new("log", new LogUniform(1e-6, 1e2)),
        new("integer", new IntUniform(-3, 3)),
        new("wide", new IntUniform(long.MinValue, long.MaxValue)),
        new("narrow", new Uniform(1, Math.BitIncrement(1.0))),
    ]);

    protected abstract ISampler Sampler { get; }

    [Fact]
    public void Gives_each_hyperparameter_a_value_of_its_distribution()
    {
        foreach (var proposal in Propose(History(), 200))
            Space.Contains(proposal.Assignment).ShouldBeTrue(proposal.Assignment.ToString());
    }

    [Fact]
    public void Is_known_by_its_name() => Samplers.Find(Sampler.Name).ShouldNotBeNull().ShouldBeOfType(Sampler.GetType());

    [Fact]
    public void Gives_the_same_for_the_same_seed_and_history()
    {
        Propose(History(), 5).ShouldBe(Propose(History(), 5));
    }

    [Fact]
    public void Gives_other_values_for_another_seed()
    {
        Sampler.Propose(History(), 5, new SearchRandom(43)).ShouldNotBe(Propose(History(), 5));
    }

    [Fact]
    public void Gives_other_values_to_other_trials()
    {
        Propose(History(), 20).Select(p => p.Assignment["uniform"]).ShouldBeUnique();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public void Gives_as_many_as_asked_for_when_the_space_has_them(int count) => Propose(History(), count).Count.ShouldBe(count);

    [Fact]
    public void Numbers_proposals_from_one()
    {
        Propose(History(), 3).Select(p => p.Number).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void Goes_on_after_the_highest_number_whatever_became_of_the_trials()
    {
        var history = History(Trial(1, TrialPhase.Succeeded, 0.5), Trial(3, null, null), Trial(2, TrialPhase.Failed, null), Trial(4, TrialPhase.Succeeded, double.NaN));

        var proposals = Propose(history, 2);

        proposals.Select(p => p.Number).ShouldBe([5, 6]);
        proposals.ShouldAllBe(p => Space.Contains(p.Assignment));
    }

    [Fact]
    public void Leaves_the_history_as_it_was()
    {
        TrialRecord[] trials = [Trial(1, TrialPhase.Succeeded, 0.5), Trial(2, null, null)];
        var history = History(trials);
        string before = string.Join('\n', history.Trials);

        Propose(history, 3);

        string.Join('\n', history.Trials).ShouldBe(before);
        history.Trials.ShouldBe(trials);
    }

    [Fact]
    public void Has_one_empty_configuration_for_an_empty_space()
    {
        var history = new SearchHistory(ParameterSpace.Empty, new ObjectiveSpec("swd", Goal.Minimize), []);

        Propose(history, 1).ShouldBe([new Proposal(1, Assignment.Empty)]);
    }

    [Fact]
    public void Gives_the_same_whatever_the_order_in_which_the_space_was_written()
    {
        var reversed = new ParameterSpace([.. Space.Parameters.Reverse()]);

        Propose(History() with { Space = reversed }, 3).ShouldBe(Propose(History(), 3));
    }

    protected static SearchHistory History(params TrialRecord[] trials) => new(Space, new ObjectiveSpec("swd", Goal.Minimize), trials);

    protected IReadOnlyList<Proposal> Propose(SearchHistory history, int count) => Sampler.Propose(history, count, Seed);

    /// <summary>A trial; one without a phase is running.</summary>
    protected static TrialRecord Trial(int number, TrialPhase? phase, double? objective)
    {
        var assignment = new Assignment([.. Space.Parameters.Select(p => new Setting(p.Path, p.Distribution.Quantile(0.5)))]);
        return new TrialRecord(number, assignment, phase is { } ended ? new TrialOutcome(ended, objective, null, 10, "", null, "") : null);
    }
}
