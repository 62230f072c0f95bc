using GenCluster.Core.Parameters;

namespace GenCluster.Search.Sampling;

/// <summary>The values of a distribution that has so many and no more.</summary>
internal static class DiscreteValues
{
    /// <summary>The values by position, each with its share of the unit interval. What is equal as a number comes once: 3.0 is 3.</summary>
    /// <exception cref="ArgumentException">They cannot be counted.</exception>
    public static IEnumerable<(ParameterValue Value, double Share)> Of(Distribution distribution)
    {
        if (distribution.Count is not { } count)
            throw new ArgumentException($"the values of {distribution.Describe()} cannot be counted", nameof(distribution));
        return distribution is Categorical choice ? Merged(choice) : Walk(distribution, count);
    }

    private static IEnumerable<(ParameterValue Value, double Share)> Merged(Categorical choice) => choice.Values
        .Select((value, i) => (Value: value, Share: choice.Probabilities?[i] ?? 1.0 / choice.Values.Length))
        .Where(v => v.Share > 0)
        .GroupBy(v => v.Value, SameValue.Comparer)
        .Select(same => (same.First().Value, same.Sum(v => v.Share)));

    /// <summary>From value to value: a value's position is the middle of its part of the interval, which tells where the next one begins.</summary>
    private static IEnumerable<(ParameterValue Value, double Share)> Walk(Distribution distribution, long count)
    {
        double begin = 0;
        for (long i = 0; i < count && begin < 1; i++)
        {
            var value = distribution.Quantile(begin);
            double end = 2 * distribution.Position(value) - begin;
            for (double step = 1.0 / (1L << 53); end < 1 && distribution.Quantile(end) == value; step *= 2)
                end += step; // rounding left it short
            yield return (value, end - begin);
            begin = end;
        }
    }
}
