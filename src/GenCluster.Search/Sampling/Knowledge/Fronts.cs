namespace GenCluster.Search.Sampling.Knowledge;

/// <summary>Sorting by several objectives at once (Deb, Pratap, Agarwal and Meyarivan 2002, "NSGA-II", section III). Less is better.</summary>
internal static class Fronts
{
    /// <summary>Whether <paramref name="left"/> is nowhere worse and somewhere better.</summary>
    public static bool Dominates(double[] left, double[] right)
    {
        bool better = false;
        for (int i = 0; i < left.Length; i++)
        {
            if (left[i] > right[i])
                return false;
            better |= left[i] < right[i];
        }

        return better;
    }

    /// <summary>Indices by front: the first is dominated by none, the next only by those before it, and so on.</summary>
    public static List<List<int>> Of(double[][] losses)
    {
        int[] dominators = new int[losses.Length];
        List<int>[] dominated = [.. losses.Select(_ => new List<int>())];
        for (int i = 0; i < losses.Length; i++)
        {
            for (int j = 0; j < losses.Length; j++)
            {
                if (!Dominates(losses[i], losses[j]))
                    continue;
                dominated[i].Add(j);
                dominators[j]++;
            }
        }

        List<List<int>> fronts = [];
        for (var front = Enumerable.Range(0, losses.Length).Where(i => dominators[i] == 0).ToList(); front.Count > 0; front = Next(front))
            fronts.Add(front);
        return fronts;

        List<int> Next(List<int> front) => [.. front.SelectMany(i => dominated[i]).Where(j => --dominators[j] == 0).Order()];
    }

    /// <summary>For each point of a front how far apart its neighbours are, over all objectives; infinite at the ends.</summary>
    public static double[] Crowding(double[][] losses, IReadOnlyList<int> front)
    {
        double[] distances = new double[front.Count];
        for (int objective = 0; objective < losses[front[0]].Length; objective++)
        {
            int[] order = [.. Enumerable.Range(0, front.Count).OrderBy(i => Loss(i))];
            double range = Loss(order[^1]) - Loss(order[0]);
            distances[order[0]] = distances[order[^1]] = double.PositiveInfinity;
            for (int i = 1; i < order.Length - 1 && range > 0; i++)
                distances[order[i]] += (Loss(order[i + 1]) - Loss(order[i - 1])) / range;

            double Loss(int i) => losses[front[i]][objective];
        }

        return distances;
    }
}
