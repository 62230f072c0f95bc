using GenCluster.Core.Identity;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;

namespace GenCluster.Search.Sweeps;

/// <summary>What a verification found.</summary>
/// <param name="Events">Events that were read.</param>
/// <param name="Derived">Events among them that followed from those before, and came out the same.</param>
/// <param name="Difference">The first that came out otherwise; null when none did.</param>
public sealed record ReplayResult(int Events, int Derived, ReplayDifference? Difference);

/// <summary>An event that comes out otherwise now.</summary>
/// <param name="Number">Of the event in its journal, from 1.</param>
/// <param name="Recorded">What the journal says; null when it ends before.</param>
/// <param name="Now">What comes out now; null when nothing does.</param>
public sealed record ReplayDifference(int Number, ISweepEvent? Recorded, ISweepEvent? Now);

/// <summary>
/// Derives each proposal, ruling and move of a sweep once more from the events before it, and compares. Pure: it needs the
/// events of one sweep's journal, in order, and the algorithms.
/// </summary>
public sealed class SweepReplay(Algorithms algorithms)
{
    private readonly SweepSearch search = new(algorithms);

    /// <summary>Whether an event is what algorithms decided, and not what trials or people said.</summary>
    public static bool IsDerived(ISweepEvent recorded) => recorded is TrialProposed or TrialMoved or SearchExhausted or TrialJudged or TargetReached;

    public ReplayResult Verify(SweepId sweep, IReadOnlyList<ISweepEvent> events)
    {
        var state = SweepState.New(sweep);
        int derived = 0;
        for (int i = 0; i < events.Count;)
        {
            IReadOnlyList<ISweepEvent> now = Derive(state, events[i]) ?? [events[i]];
            for (int k = 0; k < Math.Max(now.Count, 1); k++, i++)
            {
                var (recorded, expected) = (i < events.Count ? events[i] : null, k < now.Count ? now[k] : null);
                if (recorded is null || !Agree(recorded, expected))
                    return new ReplayResult(i + 1, derived, new ReplayDifference(i + 1, recorded, expected));
                if (IsDerived(recorded))
                    derived++;
                state = SweepDecider.Apply(state, recorded);
            }
        }

        return new ReplayResult(events.Count, derived, null);
    }

    /// <summary>Earlier releases recorded no reason of an end.</summary>
    private static bool Agree(ISweepEvent recorded, ISweepEvent? expected) =>
        recorded is SweepEnded { Reason: "" } ended && expected is SweepEnded derived ? ended.Phase == derived.Phase : recorded.Equals(expected);

    /// <summary>What is written together with an event that follows from the state; null when it came from outside.</summary>
    private IReadOnlyList<ISweepEvent>? Derive(SweepState state, ISweepEvent recorded) => recorded switch
    {
        TrialProposed or TrialMoved or SearchExhausted => search.Next(state) is { } command ? SweepDecider.Decide(state, command).Events : [],
        TrialReported e when state.Trials.ContainsKey(e.Number) => SweepDecider.Decide(state, search.Hear(state, e.Number, e.Report)).Events,
        TrialEnded e when state.Trials.TryGetValue(e.Number, out var trial) => SweepDecider.Decide(state, new RecordOutcome(e.Number, e.Outcome, trial.Round)).Events,
        TrialJudged or TargetReached => [], // they come with a report, or not at all
        _ => null,
    };
}
