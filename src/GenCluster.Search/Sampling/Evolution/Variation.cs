namespace GenCluster.Search.Sampling.Evolution;

/// <summary>The operators of NSGA-II for numbers in the unit interval, bounded so that children stay there (Deb and Agrawal 1995; Deb and Goyal 1996).</summary>
internal static class Variation
{
    private const double Same = 1e-14;

    /// <summary>Simulated binary crossover: two children around the parents, near them with a high index.</summary>
    /// <param name="u">A number in [0, 1).</param>
    public static (double Low, double High) SimulatedBinary(double a, double b, double index, double u)
    {
        var (low, high) = a < b ? (a, b) : (b, a);
        if (high - low < Same)
            return (low, high);
        double middle = (low + high) / 2, half = (high - low) / 2;
        double spreadLow = Spread(1 + low / half, index, u), spreadHigh = Spread(1 + (1 - high) / half, index, u);
        return (Breeding.Inside(middle - spreadLow * half), Breeding.Inside(middle + spreadHigh * half));
    }

    /// <summary>Polynomial mutation: near the old place with a high index.</summary>
    public static double Polynomial(double place, double index, double u)
    {
        double power = 1 / (index + 1);
        double step = u < 0.5
            ? Math.Pow(2 * u + (1 - 2 * u) * Math.Pow(1 - place, index + 1), power) - 1
            : 1 - Math.Pow(2 * (1 - u) + (2 * u - 1) * Math.Pow(place, index + 1), power);
        return Breeding.Inside(place + step);
    }

    /// <param name="bound">How far the spread may be before a child leaves the interval.</param>
    private static double Spread(double bound, double index, double u)
    {
        double alpha = 2 - Math.Pow(bound, -(index + 1));
        return u <= 1 / alpha ? Math.Pow(u * alpha, 1 / (index + 1)) : Math.Pow(1 / (2 - u * alpha), 1 / (index + 1));
    }
}
