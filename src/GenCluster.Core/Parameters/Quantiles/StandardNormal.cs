namespace GenCluster.Core.Parameters.Quantiles;

/// <summary>The normal distribution of mean 0 and deviation 1.</summary>
internal static class StandardNormal
{
    private const double Middle = 3; // up to here the series is accurate, beyond it the fraction is
    private const int FractionTerms = 60;

    /// <summary>The distribution function, to about 1e-13 in relation to the result wherever that is a normal number.</summary>
    public static double Below(double z) => z switch
    {
        < -Middle => Density(z) * Mills(-z),
        > Middle => 1 - Density(z) * Mills(z),
        _ => 0.5 + Density(z) * Series(z),
    };

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

    private static double Density(double z) => Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);

    /// <summary>z + z³/3 + z⁵/(3·5) + z⁷/(3·5·7) + … (Marsaglia 2004, "Evaluating the normal distribution").</summary>
    private static double Series(double z)
    {
        double sum = z, term = z;
        for (int i = 3; Math.Abs(term) > 1e-18; i += 2)
        {
            term *= z * z / i;
            sum += term;
        }

        return sum;
    }

    /// <summary>The part above x in relation to the density: Laplace's fraction 1/(x + 1/(x + 2/(x + 3/(x + …)))).</summary>
    private static double Mills(double x)
    {
        if (double.IsInfinity(x))
            return 0;
        double fraction = x;
        for (int k = FractionTerms; k >= 1; k--)
            fraction = x + k / fraction;
        return 1 / fraction;
    }

    private static double Rational(double x, ReadOnlySpan<double> above, ReadOnlySpan<double> below) => Polynomial(x, above) / Polynomial(x, below);

    private static double Polynomial(double x, ReadOnlySpan<double> coefficients)
    {
        double sum = 0;
        for (int i = coefficients.Length - 1; i >= 0; i--)
            sum = sum * x + coefficients[i];
        return sum;
    }

    // Coefficients by rising power, as they are printed.
    private static ReadOnlySpan<double> A =>
    [
        3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
        4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3,
    ];

    private static ReadOnlySpan<double> B =>
    [
        1, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
        2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3,
    ];

    private static ReadOnlySpan<double> C =>
    [
        1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
        1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4,
    ];

    private static ReadOnlySpan<double> D =>
    [
        1, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
        1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9,
    ];

    private static ReadOnlySpan<double> E =>
    [
        6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
        2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
    ];

    private static ReadOnlySpan<double> F =>
    [
        1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
        7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15,
    ];
}
