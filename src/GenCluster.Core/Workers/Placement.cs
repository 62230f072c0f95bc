using GenCluster.Core.Identity;

namespace GenCluster.Core.Workers;

/// <summary>A trial's wish for a gang.</summary>
/// <param name="Max">No more can be of use: the spec's maximum, or the number of shards if that is less.</param>
public sealed record GangRequest(TrialId Trial, int Min, int Max);

/// <summary>A trial that has a gang.</summary>
/// <param name="Size">Workers placed on it that are to stay, joiners included.</param>
/// <param name="Sparing">Workers that it has been asked to give back and still has.</param>
public sealed record PlacedGang(GangRequest Wish, int Size, int Sparing);

/// <summary>A worker without a trial.</summary>
/// <param name="Idle">Whether it has been free for a while, so that no trial that is about to ask is deprived of it.</param>
public readonly record struct FreeWorker(WorkerId Worker, bool Idle);

/// <summary>A gang, complete.</summary>
public sealed record GangGrant(TrialId Trial, IReadOnlyList<WorkerId> Members);

/// <summary>Workers that join a gang.</summary>
public sealed record GangGrowth(TrialId Trial, IReadOnlyList<WorkerId> Joiners);

/// <summary>So many workers that a gang is to give back.</summary>
public sealed record GangShrinkage(TrialId Trial, int Count);

/// <summary>Who gets what.</summary>
public sealed record PlacementPlan(IReadOnlyList<GangGrant> Grants, IReadOnlyList<GangShrinkage> Shrinkages, IReadOnlyList<GangGrowth> Growths);

/// <summary>
/// Divides workers among trials. Waiting trials come first: all of a gang or nothing, first come first served, and where
/// too few workers are free, gangs above their minimum give some back. What no waiting trial can use makes gangs grow.
/// </summary>
/// <remarks>
/// Nothing flaps: gangs shrink for a waiting trial alone, grow only when none can be served, and never take from each other.
/// </remarks>
public static class Placement
{
    /// <param name="waiting">In the order they came.</param>
    /// <param name="placed">Trials that have a gang.</param>
    /// <param name="free">Gangs are formed in the order of the workers' names.</param>
    /// <param name="mayJoin">Whether a worker may join a running trial; null: any may.</param>
    public static PlacementPlan Decide(
        IReadOnlyList<GangRequest> waiting, IReadOnlyList<PlacedGang> placed, IEnumerable<FreeWorker> free, Func<TrialId, WorkerId, bool>? mayJoin = null)
    {
        FreeWorker[] pool = [.. free.OrderBy(f => f.Worker.Value, StringComparer.Ordinal)];
        var grants = Grant(waiting, pool);
        FreeWorker[] rest = [.. pool.Skip(grants.Sum(g => g.Members.Count))];
        GangRequest[] unserved = [.. waiting.Skip(grants.Count)];
        var (shrinkages, served) = Shrink(unserved, waiting.Count, placed, rest.Length);

        bool reserved = served > 0; // what is free waits for what is given back
        return new PlacementPlan(grants, shrinkages, reserved ? [] : Grow(placed, rest, mayJoin));
    }

    private static List<GangGrant> Grant(IReadOnlyList<GangRequest> waiting, FreeWorker[] pool)
    {
        var grants = new List<GangGrant>();
        int next = 0;
        for (int i = 0; i < waiting.Count; i++)
        {
            var request = waiting[i];
            if (pool.Length - next < request.Min)
                break; // whoever came later does not overtake: a large gang is never starved by small ones

            // An even share of what is left, so that the first trial does not take all that the next could use.
            int share = Math.Clamp((pool.Length - next) / (waiting.Count - i), request.Min, request.Max);
            grants.Add(new GangGrant(request.Trial, [.. pool.Skip(next).Take(share).Select(f => f.Worker)]));
            next += share;
        }

        return grants;
    }

    /// <summary>What gangs give back for those who wait, and how many of these that will serve.</summary>
    private static (List<GangShrinkage> Shrinkages, int Served) Shrink(GangRequest[] unserved, int waiting, IReadOnlyList<PlacedGang> placed, int free)
    {
        if (unserved.Length == 0)
            return ([], 0);
        int fair = Math.Max(1, (free + placed.Sum(g => g.Size + g.Sparing)) / (placed.Count + waiting));
        int[] sizes = [.. placed.Select(g => g.Size)];
        int available = free + placed.Sum(g => g.Sparing);
        int served = 0;
        foreach (var request in unserved)
        {
            int[] smaller = [.. sizes];
            int share = Math.Clamp(fair, request.Min, request.Max);
            int taken = Take(placed, smaller, share - available, above: fair);
            taken += Take(placed, smaller, request.Min - available - taken, above: 0);
            if (available + taken < request.Min)
                break;
            sizes = smaller;
            available = Math.Max(0, available + taken - share);
            served++;
        }

        return ([.. placed.Select((g, i) => new GangShrinkage(g.Wish.Trial, g.Size - sizes[i])).Where(s => s.Count > 0)], served);
    }

    /// <summary>Takes workers one by one from the largest gang that is above its minimum and <paramref name="above"/>.</summary>
    private static int Take(IReadOnlyList<PlacedGang> placed, int[] sizes, int count, int above)
    {
        int taken = 0;
        while (taken < count)
        {
            int largest = Enumerable.Range(0, sizes.Length).Where(i => sizes[i] > Math.Max(placed[i].Wish.Min, above)).OrderByDescending(i => sizes[i]).FirstOrDefault(-1);
            if (largest < 0)
                break;
            sizes[largest]--;
            taken++;
        }

        return taken;
    }

    /// <summary>One worker after the other goes to the smallest gang that can use it.</summary>
    private static List<GangGrowth> Grow(IReadOnlyList<PlacedGang> placed, FreeWorker[] free, Func<TrialId, WorkerId, bool>? mayJoin)
    {
        var joiners = placed.Select(_ => new List<WorkerId>()).ToArray();
        foreach (var (worker, _) in free.Where(f => f.Idle))
        {
            int smallest = Enumerable.Range(0, placed.Count)
                .Where(i => placed[i].Sparing == 0 && placed[i].Size + joiners[i].Count < placed[i].Wish.Max && mayJoin?.Invoke(placed[i].Wish.Trial, worker) is not false)
                .OrderBy(i => placed[i].Size + joiners[i].Count).FirstOrDefault(-1);
            if (smallest >= 0)
                joiners[smallest].Add(worker);
        }

        return [.. placed.Select((g, i) => new GangGrowth(g.Wish.Trial, joiners[i])).Where(g => g.Joiners.Count > 0)];
    }
}
