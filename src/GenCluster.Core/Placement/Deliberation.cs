using GenCluster.Core.Identity;

namespace GenCluster.Core.Placement;

/// <summary>One decision: serves the waiting trials in turn, then gives out what is left.</summary>
internal sealed class Deliberation
{
    private readonly PlacementState state;
    private readonly Board board;
    private readonly Usage usage;
    private readonly Room free;
    private readonly Room coming; // what is free, and what is on its way back
    private readonly List<Standing> admitted = [];
    private readonly List<Head> heads = [];
    private readonly Dictionary<string, TrialId> quotaHeads = [];
    private readonly List<TrialWait> waits = [];
    private readonly HashSet<TrialId> claimed; // workers say that they work on it

    public Deliberation(PlacementState state)
    {
        this.state = state;
        board = new Board(state);
        usage = new Usage(state.Projects);
        claimed = [.. state.Workers.Select(w => w.Trial).OfType<TrialId>()];
        free = Room.Of(board);
        coming = free.Copy();
        foreach (var gang in board.Gangs)
        {
            usage.Hold(gang.Wish.Project, gang.Members.Count + gang.Leaving.Count);
            ComeBack(gang, gang.Ends ? [.. gang.Members, .. gang.Leaving] : gang.Leaving);
        }
    }

    public PlacementPlan Decide()
    {
        var queue = new ServiceQueue(state, usage);
        while (queue.Next() is { } wish)
            Serve(wish);

        var rest = new Leftovers(state, board, free, usage);
        rest.Reopen(heads.Where(h => !h.IsCertain).SelectMany(h => h.Kept));
        rest.Complete(admitted);
        var growths = rest.Grow(board.Gangs);

        return new PlacementPlan(
            [.. admitted.Select(g => new GangGrant(g.Wish.Trial, Names(g.Members)))],
            [.. board.Gangs.Where(g => g.Asked.Count > 0).Select(g => new GangShrinkage(g.Wish.Trial, Names(g.Asked)))],
            [.. board.Gangs.Where(g => g.StoppedFor is not null).Select(g => new GangPreemption(g.Wish.Trial, g.StoppedFor!.Value))],
            growths,
            waits,
            [.. heads.Select(h => h.Wish.Trial).Concat(quotaHeads.Values)]);
    }

    private void Serve(GangRequest wish)
    {
        if (claimed.Contains(wish.Trial))
            waits.Add(Reasons.Claimed(wish)); // they would count as members of what it gets now
        else if (Reasons.Never(wish, board.TerritoryOf(wish), state.Projects) is { } never)
            waits.Add(never);
        else if (quotaHeads.TryGetValue(wish.Project, out var first))
            waits.Add(Reasons.BehindInProject(wish, first));
        else if (usage.LeftOf(wish.Project) < wish.Min)
            WaitForQuota(wish);
        else if (free.Take(wish, wish.Min, Math.Min(wish.Max, usage.LeftOf(wish.Project))) is { } members)
            Admit(wish, members);
        else
            WaitForWorkers(wish);
    }

    private void Admit(GangRequest wish, List<int> members)
    {
        foreach (int worker in members)
            coming.Take(wish, worker);
        usage.Hold(wish.Project, members.Count);
        admitted.Add(new Standing(wish, state.Now, members));
    }

    private void WaitForQuota(GangRequest wish)
    {
        if (heads.Find(h => h.Wish.Project == wish.Project) is { } own)
        {
            waits.Add(Reasons.Behind(wish, own.Wish.Trial));
            return;
        }

        var territory = board.TerritoryOf(wish);
        var maker = new RoomMaker(wish, board.Gangs, coming, usage, state.Now, isShortOfQuota: true);
        if (!heads.Exists(h => h.Territory.Overlaps(territory)) && maker.Find() is { } found)
        {
            Expect(wish, territory, found);
            return;
        }

        quotaHeads[wish.Project] = wish.Trial;
        waits.Add(Reasons.Quota(wish, usage.HeldBy(wish.Project), state.Projects.QuotaOf(wish.Project)));
    }

    private void WaitForWorkers(GangRequest wish)
    {
        var territory = board.TerritoryOf(wish);
        var before = heads.Where(h => h.Territory.Overlaps(territory)).ToArray();
        if (Array.Find(before, h => !h.IsCertain) is { } head)
        {
            waits.Add(Reasons.Behind(wish, head.Wish.Trial));
            return;
        }

        var maker = new RoomMaker(wish, [.. board.Gangs, .. admitted], coming, usage, state.Now, isShortOfQuota: false);
        if (maker.Find() is { } found)
        {
            Expect(wish, territory, found);
        }
        else if (before.Length > 0)
        {
            waits.Add(Reasons.Behind(wish, before[0].Wish.Trial));
        }
        else
        {
            var shrunken = maker.Shrunken();
            int missing = wish.Min - shrunken.Count(wish);
            waits.Add(Reasons.RunningTrials(wish, missing, maker.Protected));
            Keep(new Head(wish, territory, IsCertain: false, []), territory.IsCountable && missing > 0 ? Reservation.Spare(missing, GangsIn(territory, shrunken)) : 0);
        }
    }

    /// <summary>It is served as soon as what was found is there: whoever comes next must not count on that.</summary>
    private void Expect(GangRequest wish, Territory territory, Rearrangement found)
    {
        waits.Add(Reasons.Soon(wish, found));
        Carry(wish, found);
        coming.Take(wish, wish.Min, wish.Min);
        usage.Settle(wish.Project, wish.Min);
        Keep(new Head(wish, territory, IsCertain: true, []), spare: 0);
    }

    /// <summary>Asks gangs for what was found.</summary>
    private void Carry(GangRequest wish, Rearrangement found)
    {
        foreach (var (gang, worker) in found.Shrunk)
        {
            gang.Members.Remove(worker);
            gang.Asked.Add(worker);
            ComeBack(gang, [worker]);
        }

        foreach (var gang in found.Stopped)
        {
            (gang.Ends, gang.StoppedFor) = (true, wish.Trial);
            ComeBack(gang, gang.Members);
        }
    }

    private void ComeBack(Standing gang, IReadOnlyCollection<int> workers)
    {
        foreach (int worker in workers)
            coming.Release(gang.Wish, worker);
        usage.Settle(gang.Wish.Project, -workers.Count);
    }

    /// <summary>Keeps what is free for a head, but for what others may have without delaying it.</summary>
    private void Keep(Head head, int spare)
    {
        var own = Enumerable.Range(0, board.Workers.Length).Where(w => free.IsOpen(w) && head.Territory.Holds(w)).GroupBy(w => board.HostOf[w])
            .OrderByDescending(h => h.Count()).SelectMany(h => h).ToArray();
        usage.Promise(head.Wish.Project, head.Wish.Min);
        head.Kept.AddRange(own.SkipLast(spare));
        foreach (int worker in head.Kept)
            free.Keep(worker, kept: true);
        heads.Add(head);
    }

    /// <summary>How many workers of the territory come free together when gangs end that cannot shrink any more.</summary>
    private List<int> GangsIn(Territory territory, Room shrunken)
    {
        var gangs = board.Gangs.Concat(admitted).Where(g => !g.Ends).Select(g => g.Members.Count(w => territory.Holds(w) && !shrunken.IsOpen(w))).Where(n => n > 0).ToList();
        var known = board.Gangs.Select(g => g.Wish.Trial).ToHashSet();
        gangs.AddRange(Enumerable.Range(0, board.Workers.Length)
            .Where(w => territory.Holds(w) && board.Workers[w].Trial is { } trial && !known.Contains(trial)).Select(_ => 1)); // of a gang that nobody has spoken for yet
        return gangs;
    }

    private WorkerId[] Names(IEnumerable<int> workers) => [.. workers.Select(w => board.Workers[w].Worker)];
}
