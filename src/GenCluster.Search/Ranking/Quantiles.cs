namespace GenCluster.Search.Ranking;

/// <summary>Percentiles with linear interpolation between closest ranks, as most tools have them (Hyndman and Fan 1996, type 7).</summary>
internal static class Quantiles
{
    /// <param name="values">At least one; what is no number is left out.</param>
    /// <param name="part">From 0, the lowest, to 1, the highest.</param>
    /// <returns>Not a number when there is none.</returns>
    public static double Of(IEnumerable<double> values, double part)
    {
        double[] sorted = [.. values.Where(v => !double.IsNaN(v)).Order()];
        if (sorted is [])
            return double.NaN;
        double place = part * (sorted.Length - 1);
        int below = Math.Clamp((int)Math.Floor(place), 0, sorted.Length - 1);
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] == sorted[above] ? sorted[below] : sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
