using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Search.Sampling;

namespace GenCluster.Search.Tests.Sampling;

public sealed class GridSamplerTests : SamplerContract
{
    protected override ISampler Sampler { get; } = new GridSampler();

    protected override ParameterSpace Space => Discrete;

    [Fact]
    public void Tries_all_combinations_the_last_path_fastest()
    {
        var space = new ParameterSpace([new("b", Choice(ParameterValue.Of("x"), ParameterValue.Of("y"))), new("a", new IntUniform(1, 2)), new("c", new IntUniform(0, 1))]);

        Texts(Propose(History(space), 100)).ShouldBe(
        [
            "a=1 b=x c=0", "a=1 b=x c=1", "a=1 b=y c=0", "a=1 b=y c=1", "a=2 b=x c=0", "a=2 b=x c=1", "a=2 b=y c=0", "a=2 b=y c=1",
        ]);
    }

    [Fact]
    public void Is_exhausted_when_all_were_tried()
    {
        var space = new ParameterSpace([new("a", new IntUniform(1, 3))]);
        TrialRecord[] tried = [.. Propose(History(space), 2).Select(p => new TrialRecord(p.Number, p.Assignment, null))];

        var rest = Propose(History(space, tried), 5);

        rest.ShouldHaveSingleItem().ShouldBe(new Proposal(3, new Assignment([new("a", ParameterValue.Of(3))])));
        Propose(History(space, [.. tried, new TrialRecord(3, rest[0].Assignment, null)]), 5).ShouldBeEmpty();
    }

    [Fact]
    public void Asking_one_by_one_gives_the_same_as_asking_at_once()
    {
        List<TrialRecord> trials = [];
        while (Propose(History(Constrained, [.. trials]), 1) is [var proposal])
            trials.Add(new TrialRecord(proposal.Number, proposal.Assignment, null));

        trials.Select(t => new Proposal(t.Number, t.Assignment)).ShouldBe(Propose(History(Constrained), 1000));
    }

    [Fact]
    public void A_sweep_goes_on_behind_the_newest_combination_and_misses_none()
    {
        foreach (var space in new[] { Constrained, Conditional, Discrete })
        {
            List<TrialRecord> trials = [];
            while (trials.Count < 1000 && Propose(History(space, [.. trials]) with { Version = 1 }, 1) is [var proposal])
                trials.Add(new TrialRecord(proposal.Number, proposal.Assignment, null));

            trials.Select(t => new Proposal(t.Number, t.Assignment)).ShouldBe(Propose(History(space), trials.Count));
            Propose(History(space), 1000).Count.ShouldBe(trials.Count);
        }
    }

    [Fact]
    public void After_an_edit_it_looks_from_the_start_for_what_is_new()
    {
        TrialRecord tried = new(1, new Assignment([new("a", ParameterValue.Of(5))]), null);
        var wider = History(new ParameterSpace([new("a", new IntUniform(4, 6))]), tried);

        Texts(Propose(wider with { Version = 2 }, 10)).ShouldBe(["a=4", "a=6"]);
    }

    [Fact]
    public void Leaves_out_what_constraints_forbid()
    {
        var all = Propose(History(new ParameterSpace(Constrained.Parameters)), 1000).Select(p => p.Assignment);

        Propose(History(Constrained), 1000).Select(p => p.Assignment).ShouldBe(all.Where(Constrained.Admits));
    }

    [Fact]
    public void A_condition_makes_no_duplicates()
    {
        var proposals = Propose(History(Conditional), 1000);

        proposals.Select(p => p.Assignment).ShouldBeUnique();
        proposals.Count.ShouldBe((40 * 2) + 1 + (2 * 3)); // a; b with one layer; b with two or three layers and three depths
        proposals.ShouldAllBe(p => Conditional.Contains(p.Assignment));
    }

    [Fact]
    public void Equal_numbers_are_one_value()
    {
        var space = new ParameterSpace([new("a", Choice(ParameterValue.Of(3), ParameterValue.Of(3.0), ParameterValue.Of("3"), ParameterValue.Of(3)))]);

        Propose(History(space), 10).Select(p => p.Assignment["a"]).ShouldBe([ParameterValue.Of(3), ParameterValue.Of("3")]);
    }

    [Fact]
    public void A_trial_with_an_equal_number_counts_as_tried()
    {
        var space = new ParameterSpace([new("a", Choice(ParameterValue.Of(3), ParameterValue.Of(4)))]);
        var tried = new TrialRecord(1, new Assignment([new("a", ParameterValue.Of(3.0))]), null);

        Texts(Propose(History(space, tried), 10)).ShouldBe(["a=4"]);
    }

    [Fact]
    public void Has_the_steps_of_a_real_number() =>
        Propose(History(new ParameterSpace([new("a", Quantized.Evenly(0, 0.6, 0.2, integers: false))])), 10)
            .Select(p => Math.Round(p.Assignment["a"].Number, 12)).ShouldBe([0, 0.2, 0.4, 0.6]);

    [Fact]
    public void Has_no_value_of_probability_zero()
    {
        var weighted = new Categorical([ParameterValue.Of(1), ParameterValue.Of(2), ParameterValue.Of(3)], [0.5, 0, 0.5]);

        Texts(Propose(History(new ParameterSpace([new("a", weighted)])), 10)).ShouldBe(["a=1", "a=3"]);
    }

    [Fact]
    public void Has_all_integers_of_a_long_range_once()
    {
        var space = new ParameterSpace([new("a", new IntUniform(-5_000, 5_000))]);

        Propose(History(space), 20_000).Select(p => p.Assignment["a"].Integer).ShouldBe(Enumerable.Range(-5_000, 10_001).Select(i => (long)i));
    }

    [Fact]
    public void Refuses_a_range_without_a_step_and_says_which()
    {
        var space = new ParameterSpace([new("lr", new LogUniform(0.001, 0.1)), new("n", new IntUniform(1, 2))]);

        Sampler.RefusalOf(space).ShouldBe("'lr' is log-uniform 0.001 to 0.1 and has no end of values; give it a step, or list its values");
        Samplers.Find("grid")!.RefusalOf(space).ShouldNotBeNull();
        Sampler.RefusalOf(Discrete).ShouldBeNull();
    }

    [Fact]
    public void Gives_up_on_a_huge_grid_of_which_nothing_is_allowed()
    {
        var space = new ParameterSpace([.. Enumerable.Range(0, 9).Select(i => new Parameter($"p{i}", new IntUniform(0, 9)))], [new Predicate("p7 + p8 > 100")]);

        Propose(History(space), 1).ShouldBeEmpty();
    }

    private static Categorical Choice(params ParameterValue[] values) => new(values, null);

    private static IEnumerable<string> Texts(IReadOnlyList<Proposal> proposals) => proposals.Select(p => p.Assignment.ToString());
}
