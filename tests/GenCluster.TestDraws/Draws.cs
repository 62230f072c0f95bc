using System.Diagnostics;
using System.Globalization;
using FsCheck.Xunit;
using GenCluster.TestDraws;

[assembly: Replayed]

namespace GenCluster.TestDraws;

/// <summary>
/// Which cases the properties draw: the same ones every time, so that no run fails by chance. <c>GENCLUSTER_SEED=7</c> draws
/// others, <c>GENCLUSTER_SEED=random</c> others every time, and what a failure prints as its seed, <c>(1,2,3)</c>, draws
/// that case first.
/// </summary>
internal static class Draws
{
    /// <summary>The second half of a seed: odd, and the same for all.</summary>
    private const string Gamma = "11400714819323198485";

    /// <summary>As FsCheck reads it; null: as chance has it.</summary>
    public static string? Replay => Environment.GetEnvironmentVariable("GENCLUSTER_SEED") switch
    {
        null or "" => $"1,{Gamma}",
        "random" => null,
        var seed => seed.Contains(',', StringComparison.Ordinal) ? seed : $"{seed},{Gamma}",
    };

    /// <summary>How many: few by default, as many as <c>GENCLUSTER_CASES</c> says for a long night.</summary>
    public static int Cases(int usually) =>
        int.TryParse(Environment.GetEnvironmentVariable("GENCLUSTER_CASES"), CultureInfo.InvariantCulture, out int cases) ? cases : usually;

    /// <summary>Rounds of a fuzzer: as <see cref="Cases"/>, or on and on for as long as <c>GENCLUSTER_FUZZ_SECONDS</c> says.</summary>
    public static IEnumerable<int> Rounds(int usually)
    {
        bool isTimed = int.TryParse(Environment.GetEnvironmentVariable("GENCLUSTER_FUZZ_SECONDS"), CultureInfo.InvariantCulture, out int seconds);
        int rounds = Cases(usually);
        var clock = Stopwatch.StartNew();
        for (int round = 0; isTimed ? clock.Elapsed.TotalSeconds < seconds : round < rounds; round++)
            yield return round;
    }
}

/// <summary>For all properties of an assembly.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class ReplayedAttribute : PropertiesAttribute
{
    public ReplayedAttribute() => Replay = Draws.Replay;
}

/// <summary>For the properties of a class that one may want to try with more cases.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class CasesAttribute : PropertiesAttribute
{
    public CasesAttribute(int usually) => MaxTest = Draws.Cases(usually);
}
