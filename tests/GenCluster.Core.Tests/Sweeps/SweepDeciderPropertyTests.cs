using FsCheck.Xunit;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Tests.Support;
using GenCluster.Core.Trials;
using static GenCluster.Core.Tests.Support.Samples;

namespace GenCluster.Core.Tests.Sweeps;

/// <summary>What holds after any commands in any order, however a search answers.</summary>
public sealed class SweepDeciderPropertyTests
{
    private const int Commands = 60;

    [Property(MaxTest = 300)]
    public void Replay_of_the_journal_gives_the_state_that_was_kept(int seed)
    {
        var (journal, states) = Live(seed);

        Snapshot.Of(SweepScenario.Given([.. journal]).State).ShouldBe(Snapshot.Of(states[^1]));
    }

    [Property(MaxTest = 300)]
    public void Every_state_keeps_to_the_file(int seed)
    {
        foreach (var state in Live(seed).States.Where(s => s.Exists))
        {
            var search = state.Spec!.Search;
            state.Trials.Keys.ShouldBe(Enumerable.Range(1, state.Trials.Count), "numbers have no gaps");
            state.Trials.Count.ShouldBeLessThanOrEqualTo(search.MaxTrials);
            state.Live.Count().ShouldBeLessThanOrEqualTo(search.ParallelTrials);
            SweepDecider.Wanted(state).ShouldBeInRange(0, search.ParallelTrials - state.Live.Count());
        }
    }

    [Property(MaxTest = 300)]
    public void A_sweep_ends_once_at_the_right_moment_with_the_right_result(int seed)
    {
        var (journal, states) = Live(seed);
        var last = states[^1];
        var ends = journal.OfType<SweepEnded>().ToList();

        ends.Count.ShouldBe(last.HasEnded ? 1 : 0);
        journal.SkipWhile(e => e is not SweepEnded).Skip(1).ShouldAllBe(e => e is TrialEnded);
        if (!last.Exists)
            return;

        bool tooManyFailed = last.Failed > last.Spec!.Budget.MaxFailedTrials;
        bool allEnded = last.Trials.Count == last.Spec.Search.MaxTrials && !last.Live.Any();
        last.HasEnded.ShouldBe(tooManyFailed || allEnded);
        if (last.HasEnded)
        {
            bool any = last.Trials.Values.Any(t => t.Outcome?.Phase is TrialPhase.Succeeded);
            last.Phase.ShouldBe(any && !tooManyFailed ? SweepPhase.Succeeded : SweepPhase.Failed);
        }
    }

    [Property(MaxTest = 300)]
    public void A_trial_is_proposed_once_and_ends_at_most_once(int seed)
    {
        var (journal, _) = Live(seed);

        journal.OfType<TrialProposed>().Select(e => e.Number).ShouldBeUnique();
        journal.OfType<TrialEnded>().Select(e => e.Number).ShouldBeUnique();
    }

    private static (List<ISweepEvent> Journal, List<SweepState> States) Live(int seed)
    {
        var random = new Random(seed);
        int maxTrials = random.Next(1, 10);
        var spec = Spec with
        {
            Search = new SearchSpec("random", maxTrials, random.Next(1, maxTrials + 1)),
            Budget = new BudgetSpec(random.Next(0, maxTrials + 1)),
        };
        var state = SweepState.New(Sweep);
        List<ISweepEvent> journal = [];
        List<SweepState> states = [state];

        for (int i = 0; i < Commands; i++)
        {
            foreach (var @event in SweepDecider.Decide(state, AnyCommand(random, state, spec)).Events)
            {
                state = SweepDecider.Apply(state, @event);
                journal.Add(@event);
            }

            states.Add(state);
        }

        return (journal, states);
    }

    private static ISweepCommand AnyCommand(Random random, SweepState state, SweepSpec spec) => random.Next(12) switch
    {
        0 => new SubmitSweep(spec with { Name = "other" }),
        < 3 => new SubmitSweep(spec),
        3 => new HaltSweep("the disk is full"),
        < 7 => new TakeProposals(AnyProposals(random, state)),
        _ => new RecordOutcome(random.Next(0, state.Trials.Count + 2), AnyOutcome(random)),
    };

    /// <summary>An answer of the search as it should be, or any numbers at all.</summary>
    private static Proposal[] AnyProposals(Random random, SweepState state)
    {
        int next = state.Trials.Count + 1;
        int[] numbers = random.Next(2) == 0
            ? [.. Enumerable.Range(next, SweepDecider.Wanted(state))]
            : [.. Enumerable.Range(0, 4).Select(_ => random.Next(next - 2, next + 3))];
        return [.. numbers.Select(n => new Proposal(n, LearningRate(random.NextDouble())))];
    }

    private static TrialOutcome AnyOutcome(Random random) => random.Next(3) switch
    {
        0 => Failed,
        1 => Cancelled,
        _ => Succeeded(random.NextDouble()),
    };
}
