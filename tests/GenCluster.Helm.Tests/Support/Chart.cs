using System.Collections.Concurrent;

namespace GenCluster.Helm.Tests.Support;

/// <summary>A chart of this repository, and what Helm makes of it.</summary>
internal sealed class Chart
{
    public const string Namespace = "ml", Release = "lab";

    public static readonly Chart Cluster = new("gencluster"), Sweep = new("gencluster-sweep");

    // Each file of values is rendered once, however many tests look at it.
    private readonly ConcurrentDictionary<string, Task<Manifests>> rendered = new(StringComparer.Ordinal);

    private Chart(string name) => Name = name;

    public static IReadOnlyList<Chart> All { get; } = [Cluster, Sweep];

    public string Name { get; }

    public string Folder => Repository.PathOf("helm", Name);

    /// <summary>The files of values that it is rendered with, without their ending.</summary>
    public IReadOnlyList<string> Values =>
        [.. Directory.EnumerateFiles(Repository.PathOf("tests", "GenCluster.Helm.Tests", "Values", Name), "*.yaml").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    public static Chart Of(string name) => All.Single(c => c.Name == name);

    public string ValuesFile(string values) => Repository.PathOf("tests", "GenCluster.Helm.Tests", "Values", Name, values + ".yaml");

    public Task<Manifests> RenderAsync(string values) => rendered.GetOrAdd(values, RenderNewAsync);

    /// <summary>Renders with values that are to be refused.</summary>
    /// <returns>What Helm says.</returns>
    public async Task<string> RefusalAsync(params string[] settings)
    {
        var answer = await HelmProgram.RunAsync(["template", Release, Folder, "-n", Namespace, .. settings.SelectMany(s => new[] { "--set-json", s })]);
        answer.Code.ShouldNotBe(0, $"{string.Join(' ', settings)} was taken");
        return answer.Error;
    }

    /// <summary>What Helm tells whoever installs it.</summary>
    public async Task<string> NotesAsync(string values)
    {
        var answer = await HelmProgram.RunAsync("install", Release, Folder, "-n", Namespace, "--dry-run=client", "-f", ValuesFile(values));
        answer.Code.ShouldBe(0, answer.Error);
        return answer.Out[(answer.Out.IndexOf("\nNOTES:", StringComparison.Ordinal) + 8)..];
    }

    /// <summary>The head of a file of values may say what the cluster is like: <c># api-versions: a b</c>, <c># kube-version: 1.25.0</c>.</summary>
    private async Task<Manifests> RenderNewAsync(string values)
    {
        string file = ValuesFile(values);
        var heads = File.ReadLines(file).TakeWhile(l => l.StartsWith('#')).Select(l => l[1..].Trim().Split(": ", 2)).Where(l => l.Length == 2).ToList();
        string[] apis = [.. heads.Where(h => h[0] == "api-versions").SelectMany(h => h[1].Split(' ')).SelectMany(a => new[] { "--api-versions", a })];
        string[] version = [.. heads.Where(h => h[0] == "kube-version").SelectMany(h => new[] { "--kube-version", h[1] })];
        var answer = await HelmProgram.RunAsync(["template", Release, Folder, "-n", Namespace, "-f", file, .. apis, .. version]);
        answer.Code.ShouldBe(0, answer.Error);
        return Manifests.Read(answer.Out);
    }
}
