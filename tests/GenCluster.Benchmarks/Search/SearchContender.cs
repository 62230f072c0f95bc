using System.Diagnostics;
using System.Globalization;
using GenCluster.Benchmarks.Contenders;
using GenCluster.Core.Search;
using GenCluster.Search;
using GenCluster.Search.Tests.Quality;

namespace GenCluster.Benchmarks.Search;

/// <summary>A way of searching.</summary>
/// <param name="Goals">The name that its figures have; null when it has no goal to reach.</param>
/// <param name="Best">The least value found in so many trials with a seed.</param>
internal sealed record SearchContender(string Name, string? Goals, Func<TestFunction, int, int, CancellationToken, Task<double>> Best)
{
    public static SearchContender Own(string name, string algorithm, bool hasGoals = true) => new(
        name, hasGoals ? algorithm : null, (function, trials, seed, _) => Task.FromResult(BestOf(algorithm, function, trials, seed)));

    /// <summary>Optuna's TPE over all parameters at once, as ours is.</summary>
    public static SearchContender Optuna(Python python) => new(python.Version, null, async (function, trials, seed, cancellation) =>
    {
        string[] arguments = [Python.ScriptPath("search_optuna.py"), function.Name, $"{trials}", $"{seed}"];
        string line = await Python.OutputAsync(python.Interpreter!, arguments, cancellation) ?? throw new BenchmarkException($"{python.Version} ended with an error on {function.Name}");
        return double.Parse(line, CultureInfo.InvariantCulture);
    });

    public static double BestOf(string algorithm, TestFunction function, int trials, int seed) =>
        FunctionSearch.Run(Samplers.Find(algorithm)!, function, trials, (ulong)seed)[^1];

    /// <summary>How long each of some proposals takes, in milliseconds, after so many trials on a bowl.</summary>
    public static IReadOnlyList<double> ProposalTimes(string algorithm, int dimensions, int trials, int proposals)
    {
        var history = FunctionSearch.After(TestFunction.Bowl(dimensions), trials);
        var sampler = Samplers.Find(algorithm)!;
        List<double> times = [];
        for (int i = 0; i < 2 * proposals; i++) // the first half warms up
        {
            long start = Stopwatch.GetTimestamp();
            sampler.Propose(history, 1, new SearchRandom((ulong)i));
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return times[proposals..];
    }
}
