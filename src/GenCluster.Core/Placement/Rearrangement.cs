namespace GenCluster.Core.Placement;

/// <summary>
/// How gangs make room for a wish: those above their minimum shrink; only where that is not enough, gangs with a lower
/// priority that have run for their minimum time stop after a checkpoint. All that is needed, or nothing.
/// </summary>
internal sealed record Rearrangement(IReadOnlyList<(Standing Gang, int Worker)> Shrunk, IReadOnlyList<Standing> Stopped);

/// <summary>Looks for a <see cref="Rearrangement"/>.</summary>
internal sealed class RoomMaker
{
    private readonly GangRequest wish;
    private readonly Room room;
    private readonly Usage usage;
    private readonly bool isShortOfQuota;
    private readonly Standing[] givers;
    private readonly Standing[] candidates;

    /// <param name="gangs">Gangs that can be asked.</param>
    /// <param name="room">What is free, or on its way.</param>
    /// <param name="isShortOfQuota">Whether it waits for its project's quota, which only the project's own gangs can free.</param>
    public RoomMaker(GangRequest wish, IEnumerable<Standing> gangs, Room room, Usage usage, TimeSpan now, bool isShortOfQuota)
    {
        (this.wish, this.room, this.usage, this.isShortOfQuota) = (wish, room, usage, isShortOfQuota);
        givers = [.. gangs.Where(g => !g.Ends && (!isShortOfQuota || g.Wish.Project == wish.Project))];
        var lower = givers.Where(g => g.Wish.Priority < wish.Priority).ToLookup(g => g.Since + g.Wish.MinRuntime <= now);
        Protected = [.. lower[false]];

        // Who has the least to lose first: the lowest priority, then whoever began last.
        candidates = [.. lower[true].OrderBy(g => g.Wish.Priority).ThenByDescending(g => g.Since).ThenBy(g => g.Wish.Trial, Board.ByTrial)];
    }

    /// <summary>Gangs that it could stop, if they had run for long enough.</summary>
    public IReadOnlyList<Standing> Protected { get; }

    /// <summary>The room that shrinking alone can make; for counting.</summary>
    public Room Shrunken()
    {
        var scratch = After([]);
        scratch.ShrinkAll(givers);
        return scratch.Room;
    }

    public Rearrangement? Find() => FindStops() is { } stopped ? ShrinkAfter(stopped) : null;

    /// <summary>Whom to stop: nobody, if shrinking is enough; null when stopping does not help either.</summary>
    private List<Standing>? FindStops()
    {
        List<Standing> stopped = [];
        foreach (var candidate in candidates)
        {
            if (Suffices(stopped))
                break;
            stopped.Add(candidate);
        }

        if (!Suffices(stopped))
            return null;
        foreach (var gang in stopped.ToArray())
        {
            stopped.Remove(gang);
            if (!Suffices(stopped))
                stopped.Insert(0, gang); // it cannot be spared
        }

        return stopped;
    }

    private bool Suffices(List<Standing> stopped)
    {
        var scratch = After(stopped);
        scratch.ShrinkAll(givers.Except(stopped));
        return scratch.Reach >= wish.Min;
    }

    private Rearrangement? ShrinkAfter(List<Standing> stopped)
    {
        var scratch = After(stopped);
        var rest = givers.Except(stopped).ToArray();
        while (scratch.Reach < wish.Min)
        {
            if (!scratch.ShrinkOne(rest))
                return null;
        }

        // Beyond the minimum only from gangs that have as much even then.
        bool mayLevel = stopped.Count == 0 && !isShortOfQuota;
        while (mayLevel && scratch.Reach < wish.Max && scratch.ShrinkOne(rest.Where(scratch.IsRicher)))
        {
        }

        return new Rearrangement(scratch.Shrunk, stopped);
    }

    private Scratch After(IEnumerable<Standing> stopped)
    {
        var scratch = new Scratch(wish, room.Copy(), usage, isShortOfQuota);
        scratch.Stop(stopped);
        return scratch;
    }
}
