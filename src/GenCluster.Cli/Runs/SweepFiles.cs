using GenCluster.Configuration;
using GenCluster.Core.Sweeps;
using GenCluster.Search;

namespace GenCluster.Cli.Runs;

/// <summary>Loads sweep files and tells what is wrong with them.</summary>
internal static class SweepFiles
{
    /// <summary>The sweep, or null after every mistake was written to <paramref name="error"/>.</summary>
    public static SweepSpec? Load(string path, TextWriter error)
    {
        var result = SweepFile.Load(path);
        if (result.Spec is { } spec && Samplers.RefusalOf(spec) is { } reason)
            result = result.Refused(path, reason);
        foreach (var diagnostic in result.Diagnostics)
            error.WriteLine(diagnostic);
        return result.Spec;
    }
}
