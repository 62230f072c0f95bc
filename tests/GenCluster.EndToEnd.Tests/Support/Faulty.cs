namespace GenCluster.EndToEnd.Tests.Support;

/// <summary>How a failure must look.</summary>
internal static class Faulty
{
    /// <summary>The one line that tells of it; with anything that looks like a crash, none is good enough.</summary>
    public static string Sentence(this Ending ending, string start = "gencluster: ")
    {
        ending.Errors.Concat(ending.Output).ShouldAllBe(line => !LooksLikeACrash(line), ending.ToString());
        return ending.Errors.Where(line => line.StartsWith(start, StringComparison.Ordinal)).ShouldHaveSingleItem(ending.ToString());
    }

    private static bool LooksLikeACrash(string line) =>
        line.StartsWith("   at ", StringComparison.Ordinal)
        || line.StartsWith("--->", StringComparison.Ordinal)
        || line.Contains("Unhandled exception", StringComparison.Ordinal);
}
