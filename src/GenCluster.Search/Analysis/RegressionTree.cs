namespace GenCluster.Search.Analysis;

/// <summary>A part of the unit cube and the value that a tree predicts there.</summary>
/// <param name="Lower">Inclusive, one number for each coordinate.</param>
/// <param name="Upper">Exclusive, but for the end of the cube.</param>
internal sealed record Region(double[] Lower, double[] Upper, double Value)
{
    public double Width(int coordinate) => Upper[coordinate] - Lower[coordinate];

    public double Volume()
    {
        double volume = 1;
        for (int i = 0; i < Lower.Length; i++)
            volume *= Width(i);
        return volume;
    }
}

/// <summary>
/// A regression tree (Breiman et al. 1984) as the parts that it cuts the unit cube into. Each cut is the one that leaves the
/// least sum of squares; of equal ones the first coordinate's. Nothing in it is random.
/// </summary>
internal sealed class RegressionTree
{
    private readonly List<Region> regions = [];
    private readonly double[][] points;
    private readonly double[] values;
    private readonly int smallest;

    private RegressionTree(double[][] points, double[] values, int smallest)
    {
        this.points = points;
        this.values = values;
        this.smallest = smallest;
    }

    /// <param name="rows">The rows to grow from; one may be there several times.</param>
    /// <param name="smallest">Rows in a part at least.</param>
    public static IReadOnlyList<Region> Grow(double[][] points, double[] values, int[] rows, int smallest)
    {
        var tree = new RegressionTree(points, values, smallest);
        int dimensions = points[0].Length;
        tree.Grow(rows, new double[dimensions], [.. Enumerable.Repeat(1.0, dimensions)]);
        return tree.regions;
    }

    private void Grow(int[] rows, double[] lower, double[] upper)
    {
        if (BestCut(rows) is not var (coordinate, at))
        {
            regions.Add(new Region(lower, upper, rows.Average(r => values[r])));
            return;
        }

        double[] middleUp = [.. upper], middleDown = [.. lower];
        middleUp[coordinate] = middleDown[coordinate] = at;
        Grow([.. rows.Where(r => points[r][coordinate] < at)], lower, middleUp);
        Grow([.. rows.Where(r => points[r][coordinate] >= at)], middleDown, upper);
    }

    private (int Coordinate, double At)? BestCut(int[] rows)
    {
        if (rows.Length < 2 * smallest)
            return null;
        double total = rows.Sum(r => values[r]);
        double best = total * total / rows.Length;
        best += 1e-12 * rows.Sum(r => values[r] * values[r]); // rounding is no gain
        (int, double)? cut = null;
        for (int c = 0; c < points[0].Length; c++)
        {
            double[] keys = [.. rows.Select(r => points[r][c])];
            double[] sorted = [.. rows.Select(r => values[r])];
            Array.Sort(keys, sorted);
            double left = 0;
            for (int n = 1; n < rows.Length; n++)
            {
                left += sorted[n - 1];
                if (keys[n] <= keys[n - 1] || n < smallest || rows.Length - n < smallest)
                    continue;
                double right = total - left;
                double explained = left * left / n + right * right / (rows.Length - n);
                if (explained <= best)
                    continue;
                best = explained;
                cut = (c, keys[n - 1] + (keys[n] - keys[n - 1]) / 2);
            }
        }

        return cut;
    }
}
