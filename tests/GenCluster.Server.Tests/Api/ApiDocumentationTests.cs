using System.Diagnostics;
using System.Text.RegularExpressions;
using GenCluster.Server.Api;
using GenCluster.Server.Tests.Support;

namespace GenCluster.Server.Tests.Api;

/// <summary><c>docs/api.md</c>: its examples run as they stand, and its tables are complete.</summary>
public sealed partial class ApiDocumentationTests : ApiKit
{
    private static string Text { get; } = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Docs", "api.md"));

    [Fact]
    public async Task Its_examples_run_in_their_order()
    {
        string quickstart = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Docs", "quickstart.yaml"), Patience);
        await File.WriteAllTextAsync(Path.Combine(Folder, "quickstart.yaml"), quickstart, Patience);
        await File.WriteAllTextAsync(Path.Combine(Folder, "ci.token"), "gct_example\n", Patience);
        await File.WriteAllTextAsync(Path.Combine(Folder, "longer.yaml"), quickstart.Replace("maxTrials: 4", "maxTrials: 8", StringComparison.Ordinal), Patience);
        var coordinator = await StartApiAsync();
        string[] lines = [.. Blocks().Matches(Text).SelectMany(m => m.Groups[1].Value.Trim().Split('\n'))];

        lines.Length.ShouldBeGreaterThan(8);
        foreach (string line in lines)
            await RunAsync(line.Replace("http://127.0.0.1:8080", coordinator.ApiAddress, StringComparison.Ordinal));
    }

    [Fact]
    public void It_tells_every_code_with_its_status() =>
        Codes().Matches(Text).Select(m => (m.Groups[1].Value, int.Parse(m.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture)))
            .ShouldBe(ProblemKind.All.Select(k => (k.Code, k.Status)));

    private async Task RunAsync(string line)
    {
        while (true)
        {
            using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", line]) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var (output, error) = (bash.StandardOutput.ReadToEndAsync(Patience), bash.StandardError.ReadToEndAsync(Patience));
            await bash.WaitForExitAsync(Patience);
            if (bash.ExitCode == 0)
                return;
            string said = await output + await error;
            if (!said.Contains("there is no sweep", StringComparison.Ordinal)) // the read model follows in a moment
                Assert.Fail($"{line}\n{said}");
        }
    }

    [GeneratedRegex("```bash\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"^\| `([a-z-]+)` \| (\d{3}) \|", RegexOptions.Multiline)]
    private static partial Regex Codes();
}
