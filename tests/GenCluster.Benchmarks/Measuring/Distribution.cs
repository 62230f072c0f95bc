using System.Globalization;

namespace GenCluster.Benchmarks.Measuring;

/// <summary>What is told of many timings: the middle, and the values that a tenth stays under and over.</summary>
internal readonly record struct Distribution(double P10, double Median, double P90)
{
    public static Distribution Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return new(At(sorted, 0.1), At(sorted, 0.5), At(sorted, 0.9));
    }

    /// <summary>The middle of <paramref name="values"/>; of an even count the mean of the two in the middle.</summary>
    public static double MedianOf(IEnumerable<double> values) => Of(values).Median;

    /// <summary>What this share of the values stays under: 0.99 for the 99th percentile.</summary>
    public static double Quantile(IEnumerable<double> values, double share) => At([.. values.Order()], share);

    public Distribution Select(Func<double, double> change) => new(change(P10), change(Median), change(P90));

    /// <summary><c>266 (240-281)</c></summary>
    public override string ToString() => $"{Digits(Median)} ({Digits(P10)}-{Digits(P90)})";

    /// <summary>Three digits, more only where they stand before the point.</summary>
    public static string Digits(double value) => Math.Abs(value) switch
    {
        >= 99.95 => value.ToString("F0", CultureInfo.InvariantCulture),
        >= 9.995 => value.ToString("F1", CultureInfo.InvariantCulture),
        _ => value.ToString("F2", CultureInfo.InvariantCulture),
    };

    private static double At(double[] sorted, double quantile)
    {
        double place = quantile * (sorted.Length - 1);
        int below = (int)place;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
