using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Search.Sampling;

namespace GenCluster.Search.Tests.Sampling;

public sealed class SeedsFirstTests
{
    private static readonly SearchRandom Random = new(1);
    private static readonly ISampler Sampler = new SeedsFirst(new RandomSampler());

    private static readonly SearchHistory History = new(
        new ParameterSpace([new("depth", new IntUniform(1, 9), new Predicate("lr >= 0.1")), new("lr", new LogUniform(0.001, 1))], [new Predicate("depth != 5")]),
        new ObjectiveSpec("swd", Goal.Minimize), [])
    {
        SeedTrials = [Of(("lr", ParameterValue.Of(0.1)), ("depth", ParameterValue.Of(3))), Of(("lr", ParameterValue.Of(0.5))), Of(("lr", ParameterValue.Of(0.01)))],
    };

    [Fact]
    public void Seeds_come_first_in_their_order_with_exactly_their_values()
    {
        var proposals = Sampler.Propose(History, 5, Random);

        proposals.Select(p => p.Number).ShouldBe([1, 2, 3, 4, 5]);
        proposals.Take(3).Select(p => p.Assignment["lr"].Number).ShouldBe([0.1, 0.5, 0.01]);
        proposals.ShouldAllBe(p => History.Space.Contains(p.Assignment));
    }

    [Fact]
    public void Asking_one_by_one_gives_the_same_as_asking_at_once()
    {
        List<TrialRecord> trials = [];
        while (trials.Count < 6)
        {
            var proposal = Sampler.Propose(History with { Trials = trials }, 1, Random)[0];
            trials.Add(new TrialRecord(proposal.Number, proposal.Assignment, null));
        }

        trials.Select(t => new Proposal(t.Number, t.Assignment)).ShouldBe(Sampler.Propose(History, 6, Random));
    }

    [Fact]
    public void What_a_seed_leaves_open_is_drawn_as_random_search_draws_it()
    {
        var open = History with { SeedTrials = [Assignment.Empty] };

        Sampler.Propose(open, 1, Random).ShouldBe(new RandomSampler().Propose(History, 1, Random));
    }

    [Fact]
    public void What_the_space_does_not_have_is_passed_over()
    {
        var seeds = History with
        {
            SeedTrials =
            [
                Of(("lr", ParameterValue.Of(7.0))), // out of range
                Of(("lr", ParameterValue.Of(0.2)), ("depth", ParameterValue.Of(5))), // forbidden
                Of(("lr", ParameterValue.Of(0.3)), ("depth", ParameterValue.Of(2))),
            ],
        };

        Sampler.Propose(seeds, 1, Random).ShouldHaveSingleItem().Assignment.ToString().ShouldBe("depth=2 lr=0.3");
    }

    [Fact]
    public void What_a_seed_gives_for_a_hyperparameter_that_the_trial_does_not_have_is_left_out()
    {
        var seed = History with { SeedTrials = [Of(("lr", ParameterValue.Of(0.01)), ("depth", ParameterValue.Of(3)))] };

        Sampler.Propose(seed, 1, Random)[0].Assignment.ToString().ShouldBe("lr=0.01");
    }

    [Fact]
    public void Replacements_in_a_population_use_up_no_seed()
    {
        var first = Sampler.Propose(History, 1, Random)[0];
        TrialRecord[] trials = [new(1, first.Assignment, null), new(2, first.Assignment, null) { Replaces = 1 }];

        var next = Sampler.Propose(History with { Trials = trials }, 1, Random)[0];

        (next.Number, next.Assignment["lr"].Number).ShouldBe((3, 0.5));
    }

    private static Assignment Of(params (string Path, ParameterValue Value)[] settings) => new([.. settings.Select(s => new Setting(s.Path, s.Value))]);
}
