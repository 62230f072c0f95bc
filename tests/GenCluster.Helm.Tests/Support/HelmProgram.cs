using System.Diagnostics;
using System.Text.RegularExpressions;

namespace GenCluster.Helm.Tests.Support;

/// <summary>What Helm said.</summary>
internal sealed record HelmAnswer(int Code, string Out, string Error);

/// <summary>The real Helm, as <c>build/helm.sh</c> fetches it, cut off from the settings of whoever runs the tests.</summary>
internal static partial class HelmProgram
{
    private static readonly string Home = Directory.CreateTempSubdirectory("gencluster-helm-").FullName;

    // As many as there are cores, so that none waits long for its turn.
    private static readonly SemaphoreSlim Places = new(Environment.ProcessorCount);

    public static async Task<HelmAnswer> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Found(), arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Home };
        foreach (string kind in (string[])["CACHE", "CONFIG", "DATA"])
            start.Environment[$"HELM_{kind}_HOME"] = Home;
        start.Environment["KUBECONFIG"] = Path.Combine(Home, "none");
        await Places.WaitAsync();
        try
        {
            using var helm = Process.Start(start)!;
            var output = helm.StandardOutput.ReadToEndAsync();
            string error = await helm.StandardError.ReadToEndAsync();
            await helm.WaitForExitAsync();
            return new HelmAnswer(helm.ExitCode, await output, error);
        }
        finally
        {
            Places.Release();
        }
    }

    private static string Found()
    {
        string version = PinnedVersion().Match(Repository.Read("build", "helm.sh")).Groups["version"].Value;
        string cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } named
            ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        string program = Path.Combine(cache, "gencluster", $"helm-{version}", "helm");
        bool mayMiss = Environment.GetEnvironmentVariable("CI") != "true";
        Assert.SkipWhen(!File.Exists(program) && mayMiss, "Helm is not here; build/helm.sh fetches it");
        return program;
    }

    [GeneratedRegex(@"^readonly version=(?<version>\S+)", RegexOptions.Multiline)]
    private static partial Regex PinnedVersion();
}
