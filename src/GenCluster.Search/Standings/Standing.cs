using GenCluster.Core.Sweeps;

namespace GenCluster.Search.Standings;

/// <summary>Orders results.</summary>
internal static class Standing
{
    /// <summary>
    /// The front of each: 0 for those that no other dominates, 1 for those that only fronts before dominate, and so on (Deb et
    /// al. 2002, section III.A). With one objective it is the place, equals sharing one.
    /// </summary>
    public static int[] Fronts(IReadOnlyList<Result> results) =>
        results is [{ Costs.Length: 1 }, ..] ? Places(results) : ParetoFronts.Of(results.Count, (i, j) => results[i].Dominates(results[j]));

    /// <summary>Indices from the best to the worst; of equals the earlier one first.</summary>
    public static int[] Order(IReadOnlyList<Result> results)
    {
        int[] fronts = Fronts(results);
        return [.. Enumerable.Range(0, results.Count).OrderBy(i => fronts[i])];
    }

    /// <summary>As of one cost, after the number of constraints that are broken.</summary>
    private static int[] Places(IReadOnlyList<Result> results)
    {
        int[] places = new int[results.Count];
        int[] order = [.. Enumerable.Range(0, results.Count).OrderBy(i => results[i].Violations).ThenBy(i => results[i].Costs[0])];
        for (int i = 1; i < order.Length; i++)
            places[order[i]] = places[order[i - 1]] + (results[order[i - 1]].Dominates(results[order[i]]) ? 1 : 0);
        return places;
    }
}
