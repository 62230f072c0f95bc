namespace GenCluster.Core.Parameters.Quantiles;

/// <summary>The distribution function of the beta distribution, I_x(a, b), and its inverse.</summary>
internal static class IncompleteBeta
{
    private const double Tiny = 1e-300; // in place of a zero in a denominator
    private const double Precision = 1e-16;
    private const int MostTerms = 2_000; // about sqrt(max(a, b)) are needed

    /// <summary>By the continued fraction of DLMF 8.17.22, on the side where it converges fast.</summary>
    public static double Below(double x, double a, double b)
    {
        if (x <= 0)
            return 0;
        if (x >= 1)
            return 1;
        double front = Math.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + a * Math.Log(x) + b * Math.Log(1 - x));
        return x < (a + 1) / (a + b + 2) ? front * Fraction(x, a, b) / a : 1 - front * Fraction(1 - x, b, a) / b;
    }

    /// <summary>
    /// The least number whose distribution function reaches <paramref name="u"/>, by bisection over the bit patterns of numbers,
    /// which are in the order of the numbers: 62 halvings are exact, however near to zero the answer is.
    /// </summary>
    public static double Quantile(double u, double a, double b)
    {
        long low = BitConverter.DoubleToInt64Bits(0.0), high = BitConverter.DoubleToInt64Bits(1.0);
        while (high - low > 1)
        {
            long middle = low + (high - low) / 2;
            if (Below(BitConverter.Int64BitsToDouble(middle), a, b) < u)
                low = middle;
            else
                high = middle;
        }

        return BitConverter.Int64BitsToDouble(u <= 0 ? 0 : high);
    }

    /// <summary>The continued fraction from the front, by Lentz's method as modified by Thompson and Barnett 1986.</summary>
    private static double Fraction(double x, double a, double b)
    {
        double c = 1;
        double d = 1 / NotZero(1 - (a + b) * x / (a + 1));
        double fraction = d;
        for (int m = 1; m <= MostTerms; m++)
        {
            double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            Step(even);
            if (Math.Abs(Step(odd) - 1) < Precision)
                break;
        }

        return fraction;

        double Step(double term)
        {
            d = 1 / NotZero(1 + term * d);
            c = NotZero(1 + term / c);
            fraction *= c * d;
            return c * d;
        }
    }

    /// <summary>Of a number above zero: Lanczos 1964 with g = 7 and nine terms.</summary>
    private static double LogGamma(double x)
    {
        if (x < 0.5)
            return Math.Log(Math.PI / Math.Sin(Math.PI * x)) - LogGamma(1 - x);
        double z = x - 1;
        double sum = Lanczos[0];
        for (int i = 1; i < Lanczos.Length; i++)
            sum += Lanczos[i] / (z + i);
        double t = z + 7.5;
        return 0.5 * Math.Log(2 * Math.PI) + (z + 0.5) * Math.Log(t) - t + Math.Log(sum);
    }

    private static double NotZero(double x) => Math.Abs(x) < Tiny ? Tiny : x;

    private static ReadOnlySpan<double> Lanczos =>
    [
        0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
        12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
    ];
}
