namespace GenCluster.Search.Numerics;

/// <summary>The standard normal distribution, with tails that keep their digits.</summary>
internal static class Normal
{
    /// <summary>ln √(2π).</summary>
    public const double LogRoot2Pi = 0.91893853320467274178;

    private const double Root2 = 1.41421356237309504880, RootPi = 1.77245385090551602730, RootHalfPi = 1.25331413731550025121;

    // W. J. Cody (1969), "Rational Chebyshev approximations for the error function", as coefficients of his CALERF.
    private static readonly double[]
        SmallTop = [1.85777706184603153e-1, 3.16112374387056560e0, 1.13864154151050156e2, 3.77485237685302021e2, 3.20937758913846947e3],
        SmallBottom = [1, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3],
        MiddleTop =
        [
            2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594e0, 6.61191906371416295e1, 2.98635138197400131e2,
            8.81952221241769090e2, 1.71204761263407058e3, 2.05107837782607147e3, 1.23033935479799725e3,
        ],
        MiddleBottom =
        [
            1, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3,
            3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3,
        ],
        TailTop =
        [
            1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1, 1.60837851487422766e-2,
            6.58749161529837803e-4,
        ],
        TailBottom =
        [
            1, 2.56852019228982242e0, 1.87295284992346725e0, 5.27905102951428412e-1, 6.05183413124413191e-2, 2.33520497626869185e-3,
        ];

    public static double LogDensity(double z) => -0.5 * z * z - LogRoot2Pi;

    /// <summary>The distribution function, exact in its lower tail.</summary>
    public static double Cdf(double z) => 0.5 * Erfc(-z / Root2);

    /// <summary>Mills' ratio of the lower tail: the distribution function over the density. Finite for any z below 0.</summary>
    public static double Mills(double z) => RootHalfPi * ScaledErfc(-z / Root2);

    /// <summary>The probability of [low, high]; of two upper tails it is the difference of the lower ones that mirror them.</summary>
    public static double Mass(double low, double high) => low > 0 ? Cdf(-low) - Cdf(-high) : Cdf(high) - Cdf(low);

    /// <summary>The quantile function: Acklam's rational approximation (2003) and one step of Halley's method, to 1e-15.</summary>
    public static double Quantile(double p)
    {
        if (p is <= 0 or >= 1)
            return p <= 0 ? double.NegativeInfinity : double.PositiveInfinity;
        if (p > 0.5)
            return -Quantile(1 - p);
        double z = Acklam(p);
        double error = (Cdf(z) - p) * Math.Exp(0.5 * z * z + LogRoot2Pi);
        return z - error / (1 + 0.5 * z * error);
    }

    private static double Acklam(double p)
    {
        if (p < 0.02425)
        {
            double t = Math.Sqrt(-2 * Math.Log(p));
            return Ratio(
                t,
                [-7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968, 2.938163982698783],
                [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1]);
        }

        double q = p - 0.5;
        return q * Ratio(
            q * q,
            [-3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.383577518672690e2, -3.066479806614716e1, 2.506628277459239],
            [-5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1, 1]);
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
}
