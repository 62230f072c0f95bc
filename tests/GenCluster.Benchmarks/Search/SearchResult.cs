using System.Globalization;
using GenCluster.Benchmarks.Measuring;
using GenCluster.Search.Tests.Quality;

namespace GenCluster.Benchmarks.Search;

/// <summary>The best values that a contender found of a function, one for each seed.</summary>
/// <param name="RandomMedian">The median of what random search finds.</param>
internal sealed record SearchResult(TestFunction Function, string Contender, string? Goals, IReadOnlyList<double> Bests, double RandomMedian)
{
    public double Wins => Bests.Count(best => best < RandomMedian) / (double)Bests.Count;

    /// <summary>How far the median is from the optimum.</summary>
    public double Gap => Distribution.MedianOf(Bests) - Function.Least;

    /// <summary><c>0.398 (0.398 to 0.412)</c></summary>
    public string Text => Distribution.Of(Bests) is var d ? $"{Digits(d.Median)} ({Digits(d.P10)} to {Digits(d.P90)})" : "";

    private static string Digits(double value) => value.ToString(Math.Abs(value) < 0.0995 ? "F4" : Math.Abs(value) < 9.995 ? "F3" : "F1", CultureInfo.InvariantCulture);
}
