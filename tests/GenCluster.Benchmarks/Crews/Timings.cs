using System.Globalization;

namespace GenCluster.Benchmarks.Crews;

/// <summary>
/// When the members of a crew began and ended each of a number of things that they did together, by the one clock of the
/// machine (CLOCK_MONOTONIC, in C# and Python alike).
/// </summary>
internal sealed class Timings
{
    private Timings(long allocated, double[] microseconds) => (Allocated, Microseconds) = (allocated, microseconds);

    /// <summary>Managed bytes that the members allocated meanwhile; -1 where that was no question.</summary>
    public long Allocated { get; }

    /// <summary>
    /// How long each took: from when the last member was ready until the last one had finished. A member that is early does
    /// not make the thing slow by its waiting.
    /// </summary>
    public double[] Microseconds { get; }

    /// <param name="answers">Of each member: bytes allocated, then begin and end of each, in nanoseconds.</param>
    public static Timings Of(string[][] answers)
    {
        long[][] numbers = [.. answers.Select(answer => answer.Select(field => long.Parse(field, CultureInfo.InvariantCulture)).ToArray())];
        int count = (numbers[0].Length - 1) / 2;
        return new(
            numbers.Max(member => member[0]),
            [.. Enumerable.Range(0, count).Select(i => (numbers.Max(member => member[2 * i + 2]) - numbers.Max(member => member[2 * i + 1])) / 1e3)]);
    }
}
