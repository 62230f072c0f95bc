namespace GenCluster.Search.Sampling.Gp;

/// <summary>
/// The Matérn covariance of order 5/2 (Rasmussen and Williams 2006, equation 4.17) as a function of the squared distance
/// r² = Σ w (x - x')², with an inverse squared length scale w for each feature.
/// </summary>
internal static class Matern
{
    private static readonly double Root5 = Math.Sqrt(5);

    /// <summary>(1 + √5 r + 5/3 r²) exp(-√5 r), and its derivative by r², -5/6 (1 + √5 r) exp(-√5 r).</summary>
    public static (double Value, double Slope) At(double squaredDistance)
    {
        double scaled = Root5 * Math.Sqrt(squaredDistance);
        double decay = Math.Exp(-scaled);
        return ((1 + scaled + 5.0 / 3 * squaredDistance) * decay, -5.0 / 6 * (1 + scaled) * decay);
    }
}
