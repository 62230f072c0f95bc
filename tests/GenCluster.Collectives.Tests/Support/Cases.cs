using System.Globalization;

namespace GenCluster.Collectives.Tests.Support;

/// <summary>How many cases a drawn test takes: few by default, as many as GENCLUSTER_CASES says for a long night.</summary>
internal static class Cases
{
    public static int Count(int usually) =>
        int.TryParse(Environment.GetEnvironmentVariable("GENCLUSTER_CASES"), CultureInfo.InvariantCulture, out var cases) ? cases : usually;
}
