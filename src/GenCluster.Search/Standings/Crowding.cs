namespace GenCluster.Search.Standings;

/// <summary>How much room there is around each member of a front (Deb et al. 2002, section III.B).</summary>
internal static class Crowding
{
    /// <returns>The distance between a member's neighbours in parts of the front's extent, over all objectives; infinite at the ends.</returns>
    public static double[] Distances(IReadOnlyList<Result> front) => Distances([.. front.Select(f => f.Costs.ToArray())]);

    /// <param name="front">The costs of each member.</param>
    /// <returns>Likewise.</returns>
    public static double[] Distances(IReadOnlyList<double[]> front)
    {
        double[] distances = new double[front.Count];
        for (int objective = 0; objective < (front.Count > 0 ? front[0].Length : 0); objective++)
        {
            int[] order = [.. Enumerable.Range(0, front.Count).OrderBy(i => front[i][objective])];
            double extent = front[order[^1]][objective] - front[order[0]][objective];
            distances[order[0]] = distances[order[^1]] = double.PositiveInfinity;
            for (int i = 1; i < order.Length - 1 && extent > 0 && double.IsFinite(extent); i++)
                distances[order[i]] += (front[order[i + 1]][objective] - front[order[i - 1]][objective]) / extent;
        }

        return distances;
    }
}
