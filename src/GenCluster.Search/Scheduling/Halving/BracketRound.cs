using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;

namespace GenCluster.Search.Scheduling.Halving;

/// <summary>One bracket of synchronous Hyperband: who is in which rung, and what becomes of those that wait.</summary>
/// <param name="first">The ordinal of its first trial.</param>
internal sealed class BracketRound(SearchHistory history, BracketPlan plan, int bracket, int first)
{
    /// <summary>Rungs from the lowest. A rung is decided when each of its trials has come, or is over and never will.</summary>
    public List<Move> Arrange(int free)
    {
        List<Move> moves = [];
        int size = Math.Min(plan.Sizes[bracket], history.MaxTrials - first + 1);
        TrialRecord[] members = [.. history.Trials.OrderBy(t => t.Number).Skip(first - 1).Take(size)];
        if (members.Length < size)
            return moves;

        var milestones = plan.Milestones(history, bracket);
        foreach (var (i, milestone) in milestones.Index())
        {
            if (!members.All(m => m.Outcome is not null || history.LastStep(m.Number) >= milestone || m.WaitsAt >= milestone))
                return moves;
            size = plan.Kept(size);
            var rung = new Rung(history, milestone, number => members.Any(m => m.Number == number));
            // One that ended while it waited leaves its place to the next.
            int[] best = [.. rung.Ordered.Where(number => !IsOverAt(members.First(m => m.Number == number), milestone)).Take(size)];
            int next = i + 1 < milestones.Count ? milestones[i + 1] : history.Steps;
            foreach (var waiting in members.Where(m => m.Outcome is null && m.WaitsAt == milestone).OrderBy(m => rung.PlaceOf(m.Number) ?? int.MaxValue))
            {
                if (!best.Contains(waiting.Number))
                    moves.Add(new Move.Prune(waiting.Number, rung.Ruling(waiting.Number, best.Length)));
                else if (free-- > 0)
                    moves.Add(new Move.Resume(waiting.Number, next));
            }

            members = [.. members.Where(m => best.Contains(m.Number))];
        }

        return moves;
    }

    /// <summary>Whether a trial has ended while it waited, by somebody's wish or a fault.</summary>
    private bool IsOverAt(TrialRecord trial, int milestone) =>
        trial.Outcome is { Phase: TrialPhase.Failed or TrialPhase.Cancelled } && history.LastStep(trial.Number) <= milestone;
}
