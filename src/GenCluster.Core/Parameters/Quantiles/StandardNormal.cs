namespace GenCluster.Core.Parameters.Quantiles;

/// <summary>The normal distribution of mean 0 and deviation 1, with tails that keep their digits.</summary>
public static partial class StandardNormal
{
    /// <summary>ln √(2π).</summary>
    public const double LogRoot2Pi = 0.91893853320467274178;

    private const double Root2 = 1.41421356237309504880, RootPi = 1.77245385090551602730, RootHalfPi = 1.25331413731550025121;

    /// <summary>The logarithm of the density.</summary>
    public static double LogDensity(double z) => -0.5 * z * z - LogRoot2Pi;

    /// <summary>The distribution function, to about 1e-15 in relation to the result around the middle and 1e-13 in the lower tail.</summary>
    public static double Below(double z) => 0.5 * Erfc(-z / Root2);

    /// <summary>Mills' ratio of the lower tail: the distribution function over the density. Finite for any z below 0.</summary>
    public static double Mills(double z) => RootHalfPi * ScaledErfc(-z / Root2);

    /// <summary>The probability of [low, high]; of two upper tails it is the difference of the lower ones that mirror them.</summary>
    public static double Mass(double low, double high) => low > 0 ? Below(-low) - Below(-high) : Below(high) - Below(low);

    /// <summary>The quantile function to about 1e-16 in relation: Wichura 1988, algorithm AS 241, PPND16.</summary>
    /// <param name="p">In (0, 1); 0 and 1 give infinities.</param>
    public static double Quantile(double p)
    {
        double q = p - 0.5;
        if (Math.Abs(q) <= 0.425)
            return q * Rational(0.180625 - q * q, A, B);

        double tail = q < 0 ? p : 1 - p;
        if (tail <= 0)
            return q < 0 ? double.NegativeInfinity : double.PositiveInfinity;
        double r = Math.Sqrt(-Math.Log(tail));
        double z = r <= 5 ? Rational(r - 1.6, C, D) : Rational(r - 5, E, F);
        return q < 0 ? -z : z;
    }

    private static double Erfc(double x)
    {
        double y = Math.Abs(x);
        if (y <= 0.46875)
            return 1 - x * Ratio(y * y, SmallTop, SmallBottom);
        double tail = y > 26.7 ? 0 : Math.Exp(-y * y) * ScaledErfc(y);
        return x < 0 ? 2 - tail : tail;
    }

    /// <summary>exp(x²) erfc(x), for x of at least 0.</summary>
    private static double ScaledErfc(double x)
    {
        if (x <= 0.46875)
            return Math.Exp(x * x) * (1 - x * Ratio(x * x, SmallTop, SmallBottom));
        if (x <= 4)
            return Ratio(x, MiddleTop, MiddleBottom);
        double y = 1 / (x * x);
        return (1 / RootPi - y * Ratio(y, TailTop, TailBottom)) / x;
    }

    /// <summary>A quotient of polynomials by Horner's rule, the highest power first.</summary>
    private static double Ratio(double x, ReadOnlySpan<double> top, ReadOnlySpan<double> bottom)
    {
        double over = 0, under = 0;
        foreach (double c in top)
            over = over * x + c;
        foreach (double c in bottom)
            under = under * x + c;
        return over / under;
    }

    private static double Rational(double x, ReadOnlySpan<double> above, ReadOnlySpan<double> below) => Polynomial(x, above) / Polynomial(x, below);

    private static double Polynomial(double x, ReadOnlySpan<double> coefficients)
    {
        double sum = 0;
        for (int i = coefficients.Length - 1; i >= 0; i--)
            sum = sum * x + coefficients[i];
        return sum;
    }
}
