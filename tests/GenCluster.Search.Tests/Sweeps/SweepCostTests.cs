using System.Collections;
using GenCluster.Core.Identity;
using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Search.Sweeps;

namespace GenCluster.Search.Tests.Sweeps;

/// <summary>What a trial costs a sweep does not grow with the trials that there were. Looks at trials are counted, not time.</summary>
public sealed class SweepCostTests
{
    private const int Parallel = 8;

    [Theory]
    [InlineData("random")]
    [InlineData("sobol")]
    [InlineData("grid")]
    public void A_search_that_does_not_learn_looks_at_a_few_trials_for_each(string algorithm)
    {
        (Looks(algorithm, trials: 3_000) / 3_000.0).ShouldBeLessThan(6);
    }

    [Fact]
    public void What_a_sweep_allocates_for_a_trial_does_not_grow_with_their_number()
    {
        Allocated(trials: 250); // warms up
        double few = Allocated(trials: 1_000) / 1_000.0, many = Allocated(trials: 4_000) / 4_000.0;

        many.ShouldBeLessThan(1.5 * few, "trees are a little deeper");
    }

    private static long Looks(string algorithm, int trials)
    {
        var counting = new CountingSampler(Samplers.Find(algorithm)!);
        Play(Algorithms.Known with { Sampler = _ => counting }, trials);
        return counting.Looks;
    }

    private static long Allocated(int trials)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Play(Algorithms.Known, trials);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void Play(Algorithms algorithms, int trials)
    {
        var spec = SweepModel.SpecOf(null, trials, Parallel) with
        {
            Parameters = new ParameterSpace([new("a", new IntUniform(1, 100)), new("b", new IntUniform(1, 100))]),
        };
        var search = new SweepSearch(algorithms);
        var state = SweepState.New(new SweepId("model"));
        Do(new SubmitSweep(spec));
        while (!state.HasEnded)
        {
            while (search.Next(state) is { } next && Do(next))
            {
                // It proposes.
            }

            Do(new RecordOutcome(state.LiveNumbers.Min, new TrialOutcome(TrialPhase.Succeeded, state.LiveNumbers.Min, null, 40, "", null, "")));
        }

        state.Trials.Count.ShouldBe(trials);

        bool Do(ISweepCommand command)
        {
            var events = SweepDecider.Decide(state, command).Events;
            foreach (var e in events)
                state = SweepDecider.Apply(state, e);
            return !events.IsDefaultOrEmpty;
        }
    }

    private sealed class CountingSampler(ISampler inner) : ISampler
    {
        public long Looks { get; private set; }

        public string Name => inner.Name;

        public IReadOnlyList<Proposal> Propose(SearchHistory history, int count, SearchRandom random) =>
            inner.Propose(history with { Trials = new Counted(history.Trials, () => Looks++) }, count, random);
    }

    private sealed class Counted(IReadOnlyList<TrialRecord> trials, Action looked) : IReadOnlyList<TrialRecord>
    {
        public int Count => trials.Count;

        public TrialRecord this[int index]
        {
            get
            {
                looked();
                return trials[index];
            }
        }

        public IEnumerator<TrialRecord> GetEnumerator()
        {
            foreach (var trial in trials)
            {
                looked();
                yield return trial;
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
