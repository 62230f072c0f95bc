namespace GenCluster.Core.Sweeps;

/// <summary>
/// Sorting by several things at once (Deb, Pratap, Agarwal and Meyarivan 2002, "NSGA-II", section III): who is better in one way
/// and worse in none dominates. Costs: less is better, and what is no number is worse than all that is.
/// </summary>
public static class ParetoFronts
{
    /// <summary>Whether <paramref name="left"/> is nowhere worse and somewhere better.</summary>
    public static bool Dominates(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        bool better = false;
        for (int i = 0; i < left.Length; i++)
        {
            double one = Shown(left[i]), other = Shown(right[i]);
            if (one > other)
                return false;
            better |= one < other;
        }

        return better;
    }

    /// <summary>The front of each: 0 for those that nobody dominates, 1 for those that only front 0 dominates, and so on.</summary>
    public static int[] Of(IReadOnlyList<double[]> costs) => costs is [{ Length: 1 }, ..] ? Places(costs) : Of(costs.Count, (i, j) => Dominates(costs[i], costs[j]));

    /// <summary>The same by a rule of the caller's, which is transitive and in which nobody dominates itself.</summary>
    /// <param name="dominates">Whether the first one dominates the second.</param>
    public static int[] Of(int count, Func<int, int, bool> dominates)
    {
        int[] dominators = new int[count], fronts = new int[count];
        List<int>[] dominated = new List<int>[count];
        for (int i = 0; i < count; i++)
        {
            dominated[i] = [.. Enumerable.Range(0, count).Where(j => dominates(i, j))];
            foreach (int j in dominated[i])
                dominators[j]++;
        }

        List<int> front = [.. Enumerable.Range(0, count).Where(i => dominators[i] == 0)];
        for (int number = 0; front.Count > 0; number++)
        {
            foreach (int i in front)
                fronts[i] = number;
            front = [.. front.SelectMany(i => dominated[i]).Where(j => --dominators[j] == 0)];
        }

        return fronts;
    }

    /// <summary>With one cost the front is the place, and equals share it.</summary>
    private static int[] Places(IReadOnlyList<double[]> costs)
    {
        int[] places = new int[costs.Count];
        int[] order = [.. Enumerable.Range(0, costs.Count).OrderBy(i => Shown(costs[i][0]))];
        for (int i = 1; i < order.Length; i++)
            places[order[i]] = places[order[i - 1]] + (Dominates(costs[order[i - 1]], costs[order[i]]) ? 1 : 0);
        return places;
    }

    private static double Shown(double cost) => double.IsNaN(cost) ? double.PositiveInfinity : cost;
}
