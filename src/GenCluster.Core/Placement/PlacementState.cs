using GenCluster.Core.Identity;

namespace GenCluster.Core.Placement;

/// <summary>All that a decision rests on. The order of the lists does not matter.</summary>
public sealed record PlacementState(
    IReadOnlyCollection<OfferedWorker> Workers, IReadOnlyCollection<WaitingGang> Waiting, IReadOnlyCollection<PlacedGang> Placed)
{
    public ProjectRules Projects { get; init; } = ProjectRules.None;

    /// <summary>A reading of the clock that <see cref="PlacedGang.Since"/> was read from.</summary>
    public TimeSpan Now { get; init; }

    /// <summary><see cref="PlacementPlan.Heads"/> of the decision before.</summary>
    public IReadOnlyCollection<TrialId> Heads { get; init; } = [];

    /// <summary>Whether a worker may join a running trial; null: any may.</summary>
    public Func<TrialId, WorkerId, bool>? MayJoin { get; init; }

    /// <summary>The state when a plan is carried out and nothing else has happened.</summary>
    public PlacementState After(PlacementPlan plan)
    {
        var granted = plan.Grants.Select(g => g.Trial).ToHashSet();
        var stopped = plan.Preemptions.Select(p => p.Trial).ToHashSet();
        var asked = plan.Shrinkages.ToDictionary(s => s.Trial, s => s.Workers);
        var placed = plan.Grants.SelectMany(g => g.Members.Select(m => (Worker: m, g.Trial)))
            .Concat(plan.Growths.SelectMany(g => g.Joiners.Select(j => (Worker: j, g.Trial))))
            .Select((p, i) => (p.Worker, p.Trial, Turn: i + 1)).ToDictionary(p => p.Worker);
        long lastSeat = Workers.Max(w => w.Seat);
        return this with
        {
            Workers = [.. Workers.Select(w => placed.TryGetValue(w.Worker, out var p) ? w with { Trial = p.Trial, Seat = lastSeat + p.Turn } : w)],
            Waiting = [.. Waiting.Where(w => !granted.Contains(w.Wish.Trial))],
            Placed =
            [
                .. Placed.Select(g => g with { Leaving = [.. g.Leaving, .. asked.GetValueOrDefault(g.Wish.Trial, [])], Ends = g.Ends || stopped.Contains(g.Wish.Trial) }),
                .. Waiting.Where(w => granted.Contains(w.Wish.Trial)).Select(w => new PlacedGang(w.Wish, Now)),
            ],
            Heads = plan.Heads,
        };
    }
}
