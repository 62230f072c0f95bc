namespace GenCluster.Search.Ranking;

/// <summary>Orders results.</summary>
internal static class Standing
{
    /// <summary>
    /// The front of each: 0 for those that no other dominates, 1 for those that only fronts before dominate, and so on (Deb et
    /// al. 2002, section III.A). With one objective it is the place, equals sharing one.
    /// </summary>
    public static int[] Fronts(IReadOnlyList<Result> results)
    {
        int[] fronts = new int[results.Count];
        if (results.Count > 0 && results[0].Costs.Length == 1)
            Places(results, fronts);
        else
            Peel(results, fronts);
        return fronts;
    }

    /// <summary>Indices from the best to the worst; of equals the earlier one first.</summary>
    public static int[] Order(IReadOnlyList<Result> results)
    {
        int[] fronts = Fronts(results);
        return [.. Enumerable.Range(0, results.Count).OrderBy(i => fronts[i])];
    }

    private static void Places(IReadOnlyList<Result> results, int[] places)
    {
        int[] order = [.. Enumerable.Range(0, results.Count).OrderBy(i => results[i].Violations).ThenBy(i => results[i].Costs[0])];
        for (int i = 1; i < order.Length; i++)
            places[order[i]] = places[order[i - 1]] + (results[order[i - 1]].Dominates(results[order[i]]) ? 1 : 0);
    }

    private static void Peel(IReadOnlyList<Result> results, int[] fronts)
    {
        List<int> rest = [.. Enumerable.Range(0, results.Count)];
        for (int front = 0; rest.Count > 0; front++)
        {
            var best = rest.Where(i => !rest.Exists(j => results[j].Dominates(results[i]))).ToHashSet();
            foreach (int i in best)
                fronts[i] = front;
            rest.RemoveAll(best.Contains);
        }
    }
}
