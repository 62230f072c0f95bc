namespace GenCluster.Search.Analysis;

/// <summary>
/// How much of a tree's variance over the unit cube each coordinate explains, exactly: functional analysis of variance on
/// the parts of a regression tree (Hutter, Hoos and Leyton-Brown 2014, algorithms 1 and 2).
/// </summary>
internal sealed class FunctionalAnova
{
    private readonly IReadOnlyList<Region> regions;
    private readonly double[] volumes;
    private readonly double[]?[] edges;
    private readonly double[]?[] main;

    public FunctionalAnova(IReadOnlyList<Region> regions)
    {
        this.regions = regions;
        volumes = [.. regions.Select(r => r.Volume())];
        int dimensions = regions[0].Lower.Length;
        edges = new double[]?[dimensions];
        main = new double[]?[dimensions];
        Mean = regions.Select((r, i) => volumes[i] * r.Value).Sum();
        Variance = regions.Select((r, i) => volumes[i] * Square(r.Value - Mean)).Sum();
    }

    public double Mean { get; }

    public double Variance { get; }

    /// <summary>The variance of the mean over all other coordinates, as one alone changes.</summary>
    public double VarianceOf(int coordinate)
    {
        double[] cuts = EdgesOf(coordinate), marginal = MainOf(coordinate);
        double sum = 0;
        for (int i = 0; i < marginal.Length; i++)
            sum += (cuts[i + 1] - cuts[i]) * Square(marginal[i]);
        return sum;
    }

    /// <summary>What two coordinates explain together and neither alone.</summary>
    public double VarianceOf(int first, int second)
    {
        double[] x = EdgesOf(first), y = EdgesOf(second), a = MainOf(first), b = MainOf(second);
        double[,] joint = Joint(first, second, x, y);
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            for (int j = 0; j < b.Length; j++)
                sum += (x[i + 1] - x[i]) * (y[j + 1] - y[j]) * Square(joint[i, j] - a[i] - b[j] - Mean);
        }

        return sum;
    }

    private double[] EdgesOf(int coordinate) => edges[coordinate] ??=
        [.. regions.SelectMany(r => new[] { r.Lower[coordinate], r.Upper[coordinate] }).Distinct().Order()];

    /// <summary>The mean over all other coordinates less the mean of all, in each interval between edges.</summary>
    private double[] MainOf(int coordinate)
    {
        if (main[coordinate] is { } known)
            return known;
        double[] cuts = EdgesOf(coordinate), steps = new double[cuts.Length];
        for (int i = 0; i < regions.Count; i++)
        {
            double part = regions[i].Value * volumes[i] / regions[i].Width(coordinate);
            steps[Array.BinarySearch(cuts, regions[i].Lower[coordinate])] += part;
            steps[Array.BinarySearch(cuts, regions[i].Upper[coordinate])] -= part;
        }

        double[] marginal = new double[cuts.Length - 1];
        double sum = -Mean;
        for (int i = 0; i < marginal.Length; i++)
            marginal[i] = sum += steps[i];
        return main[coordinate] = marginal;
    }

    /// <summary>The mean over all coordinates but two, in each cell between edges, by sums of differences.</summary>
    private double[,] Joint(int first, int second, double[] x, double[] y)
    {
        double[,] cells = new double[x.Length, y.Length];
        for (int i = 0; i < regions.Count; i++)
        {
            var region = regions[i];
            double part = region.Value * volumes[i] / (region.Width(first) * region.Width(second));
            int left = Array.BinarySearch(x, region.Lower[first]), right = Array.BinarySearch(x, region.Upper[first]);
            int low = Array.BinarySearch(y, region.Lower[second]), high = Array.BinarySearch(y, region.Upper[second]);
            cells[left, low] += part;
            cells[right, low] -= part;
            cells[left, high] -= part;
            cells[right, high] += part;
        }

        for (int i = 0; i < x.Length; i++)
        {
            for (int j = 1; j < y.Length; j++)
                cells[i, j] += cells[i, j - 1];
        }

        for (int i = 1; i < x.Length; i++)
        {
            for (int j = 0; j < y.Length; j++)
                cells[i, j] += cells[i - 1, j];
        }

        return cells;
    }

    private static double Square(double x) => x * x;
}
