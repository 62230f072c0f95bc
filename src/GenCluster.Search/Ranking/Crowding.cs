namespace GenCluster.Search.Ranking;

/// <summary>How much room there is around each member of a front (Deb et al. 2002, section III.B).</summary>
internal static class Crowding
{
    /// <returns>The sum over objectives of the distance between a member's neighbours, in parts of the front's extent; infinite at the ends.</returns>
    public static double[] Distances(IReadOnlyList<Result> front)
    {
        double[] distances = new double[front.Count];
        for (int objective = 0; objective < (front.Count > 0 ? front[0].Costs.Length : 0); objective++)
        {
            int[] order = [.. Enumerable.Range(0, front.Count).OrderBy(i => front[i].Costs[objective])];
            double extent = front[order[^1]].Costs[objective] - front[order[0]].Costs[objective];
            distances[order[0]] = distances[order[^1]] = double.PositiveInfinity;
            for (int i = 1; i < order.Length - 1 && extent > 0 && double.IsFinite(extent); i++)
                distances[order[i]] += (front[order[i + 1]].Costs[objective] - front[order[i - 1]].Costs[objective]) / extent;
        }

        return distances;
    }
}
