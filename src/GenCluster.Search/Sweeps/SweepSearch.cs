using System.Collections;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Search.Planning;

namespace GenCluster.Search.Sweeps;

/// <summary>
/// Where a sweep meets its algorithms: what they say to a state becomes a command, which holds their answer. Pure, so a
/// replay that asks again can compare.
/// </summary>
public sealed class SweepSearch(Algorithms algorithms)
{
    /// <summary>What the search may know of a sweep.</summary>
    public static SearchHistory HistoryOf(SweepState state)
    {
        var spec = state.Spec!;
        return new SearchHistory(spec.Parameters, spec.Objective, new TrialList(state))
        {
            Options = spec.Search.Options,
            SeedTrials = spec.Search.SeedTrials,
            StoppingOptions = spec.EarlyStopping?.Options ?? Core.Parameters.Assignment.Empty,
            Comparison = spec.Comparison,
            Reports = state.Reports,
            Evidence = state.Evidence is { } taken ? [.. taken.Assignments.Zip(taken.Values, (assignment, values) => new Evidence(assignment, values))] : [],
            Steps = spec.Training.Steps,
            EvaluateEvery = Math.Max(1, spec.Training.EvaluateEvery),
            MaxTrials = state.IsExhausted || state.WasStopped ? Math.Clamp(state.Proposed, 1, spec.Search.MaxTrials) : spec.Search.MaxTrials,
            PlannedTrials = spec.Search.MaxTrials,
            Proposed = state.Proposed,
            Version = state.Version,
        };
    }

    /// <summary>What is to be recorded of an evaluation, the scheduler's ruling with it.</summary>
    public RecordReport Hear(SweepState state, int number, MetricReport report)
    {
        var silent = new RecordReport(number, report, null);
        if (SweepDecider.Decide(state, silent).Events is not [TrialReported reported] || state.HasEnded || report.Step >= state.Spec!.Training.Steps)
            return silent; // it is not heard, reaches the target, or comes with the trial's end
        var history = HistoryOf(SweepDecider.Apply(state, reported));
        return silent with { Ruling = algorithms.SchedulerOf(state.Spec).Judge(history, state.Spec.Random()) };
    }

    /// <summary>What the sweep is to do next by itself; null: nothing before something else happens.</summary>
    public ISweepCommand? Next(SweepState state)
    {
        if (!state.Exists || state.Phase is not (SweepPhase.Running or SweepPhase.Stopping))
            return null;
        var history = HistoryOf(state);
        return Moves(state, history) ?? Proposals(state, history) ?? Leftovers(state);
    }

    private TakeMoves? Moves(SweepState state, SearchHistory history)
    {
        if (!state.Live.Any(t => t.WaitsAt is not null))
            return null;
        var command = new TakeMoves(algorithms.SchedulerOf(state.Spec!).Arrange(history, state.Free, state.Spec!.Random()));
        return SweepDecider.Decide(state, command).Events.IsEmpty ? null : command;
    }

    private ISweepCommand? Proposals(SweepState state, SearchHistory history)
    {
        int wanted = SweepDecider.Wanted(state);
        if (wanted == 0)
            return null;
        var spec = state.Spec!;
        var proposals = algorithms.SamplerOf(spec).Propose(history, wanted, spec.Random());
        if (proposals.Count == 0)
            return new ExhaustSearch();
        var scheduler = algorithms.SchedulerOf(spec);
        return new TakeProposals(proposals, [.. proposals.Select(p => scheduler.FirstMilestone(history, p.Number))]);
    }

    private static PruneLeftovers? Leftovers(SweepState state)
    {
        var command = new PruneLeftovers();
        return SweepDecider.Decide(state, command).Events.IsEmpty ? null : command;
    }

    /// <summary>
    /// A sweep's trials by number. One that was stopped and whose end is not written yet looks as it will: the search need
    /// not wait for its workers to go home.
    /// </summary>
    private sealed class TrialList(SweepState state) : IReadOnlyList<TrialRecord>
    {
        public int Count => state.Trials.Count;

        public TrialRecord this[int index] => AsItWillBe(state.Trials[index + 1]);

        public IEnumerator<TrialRecord> GetEnumerator() => state.Trials.Values.Select(AsItWillBe).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        private TrialRecord AsItWillBe(TrialRecord trial)
        {
            if (trial is not { Outcome: null, Ruling: { } ruling, EndsAt: { } step })
                return trial;
            var report = trial.Reported;
            return trial with
            {
                Outcome = new TrialOutcome(
                    TrialPhase.Pruned, report?.Find(state.Spec!.Objective.Metric), null, step, "", null, ruling.Reason, Metrics: report?.Metrics),
            };
        }
    }
}
