using GenCluster.Core.Identity;

namespace GenCluster.Core.Workers;

/// <summary>A trial's wish for a gang.</summary>
public sealed record GangRequest(TrialId Trial, int Min, int Max);

/// <summary>A gang, complete.</summary>
public sealed record GangGrant(TrialId Trial, IReadOnlyList<WorkerId> Members);

/// <summary>Divides free workers among waiting trials: all of a gang or nothing, first come first served.</summary>
public static class Placement
{
    /// <param name="waiting">In the order they came.</param>
    /// <param name="free">Workers without a trial; gangs are formed in the order of their names.</param>
    public static IReadOnlyList<GangGrant> Decide(IReadOnlyList<GangRequest> waiting, IEnumerable<WorkerId> free)
    {
        var pool = new Queue<WorkerId>(free.OrderBy(w => w.Value, StringComparer.Ordinal));
        var grants = new List<GangGrant>();
        for (int i = 0; i < waiting.Count; i++)
        {
            var request = waiting[i];
            if (pool.Count < request.Min)
                break; // whoever came later does not overtake: a large gang is never starved by small ones

            // An even share of what is left, so that the first trial does not take all that the next could use.
            int share = Math.Clamp(pool.Count / (waiting.Count - i), request.Min, request.Max);
            grants.Add(new GangGrant(request.Trial, [.. Enumerable.Range(0, share).Select(_ => pool.Dequeue())]));
        }

        return grants;
    }
}
