namespace GenCluster.Core.Placement;

/// <summary>What there would be for a wish if gangs gave workers back.</summary>
/// <param name="room">What there is without; it is changed.</param>
internal sealed class Scratch(GangRequest wish, Room room, Usage usage, bool isShortOfQuota)
{
    private readonly int quota = usage.SettledLeftOf(wish.Project);
    private readonly Dictionary<Standing, int> given = [];
    private readonly Dictionary<string, int> givenByProject = [];
    private int ofItsProject;

    public Room Room => room;

    public List<(Standing Gang, int Worker)> Shrunk { get; } = [];

    /// <summary>Members that the wish could have.</summary>
    public int Reach => (int)Math.Min(room.Count(wish), (long)quota + ofItsProject);

    public void Stop(IEnumerable<Standing> gangs)
    {
        foreach (var gang in gangs)
        {
            foreach (int worker in gang.Members)
                Release(gang, worker);
        }
    }

    public void ShrinkAll(IEnumerable<Standing> gangs)
    {
        foreach (var gang in gangs)
        {
            while (NextOf(gang) is { } worker)
                Shrink(gang, worker);
        }
    }

    /// <summary>One worker of the gang that misses it least: of the lowest priority, of the project that has most, the largest.</summary>
    public bool ShrinkOne(IEnumerable<Standing> gangs)
    {
        foreach (var gang in gangs.Where(g => g.Spare > GivenBy(g)).Order(Comparer<Standing>.Create(MissesLess)))
        {
            if (NextOf(gang) is not { } worker)
                continue;
            Shrink(gang, worker);
            return true;
        }

        return false;
    }

    /// <summary>Whether a gang, or its project, has at least as much as the wish when it has given it one more.</summary>
    public bool IsRicher(Standing gang)
    {
        if (gang.Wish.Priority > wish.Priority)
            return false;
        return gang.Wish.Project == wish.Project
            ? SizeOf(gang) - 1 >= Reach + 1
            : usage.Compare(gang.Wish.Project, wish.Project, -GivenBy(gang.Wish.Project) - 1, Reach + 1 - ofItsProject) >= 0;
    }

    private int MissesLess(Standing a, Standing b)
    {
        if (a.Wish.Priority != b.Wish.Priority)
            return a.Wish.Priority.CompareTo(b.Wish.Priority);
        int share = usage.Compare(b.Wish.Project, a.Wish.Project, -GivenBy(b.Wish.Project), -GivenBy(a.Wish.Project));
        return share != 0 ? share : SizeOf(b).CompareTo(SizeOf(a));
    }

    private int SizeOf(Standing gang) => gang.Members.Count - GivenBy(gang);

    private int GivenBy(Standing gang) => given.GetValueOrDefault(gang);

    private int GivenBy(string project) => givenByProject.GetValueOrDefault(project);

    /// <summary>The member that came last of those that are of use.</summary>
    private int? NextOf(Standing gang)
    {
        if (gang.Spare <= GivenBy(gang))
            return null;
        for (int i = gang.Members.Count - 1; i >= 0; i--)
        {
            int worker = gang.Members[i];
            if (!room.IsOpen(worker) && (isShortOfQuota || room.WouldGain(wish, gang.Wish, worker)))
                return worker;
        }

        return null;
    }

    private void Shrink(Standing gang, int worker)
    {
        Shrunk.Add((gang, worker));
        given[gang] = GivenBy(gang) + 1;
        givenByProject[gang.Wish.Project] = GivenBy(gang.Wish.Project) + 1;
        Release(gang, worker);
    }

    private void Release(Standing gang, int worker)
    {
        room.Release(gang.Wish, worker);
        if (gang.Wish.Project == wish.Project)
            ofItsProject++;
    }
}
