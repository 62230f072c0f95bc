namespace GenCluster.Helm.Tests.Support;

/// <summary>What of a compose file is looked at.</summary>
internal sealed record ComposeFile(IReadOnlyDictionary<string, ComposeService> Services, IReadOnlyDictionary<string, string> Secrets, IReadOnlyCollection<string> Volumes)
{
    public static ComposeFile Read(Dictionary<string, object> file) => new(
        Map(file["services"]).ToDictionary(s => s.Key, s => ComposeService.Read(Map(s.Value))),
        Map(file["secrets"]).ToDictionary(s => s.Key, s => $"{Map(s.Value)["file"]}"),
        Map(file["volumes"]).Keys);

    internal static Dictionary<string, object?> Map(object? node) => ((Dictionary<object, object?>)node!).ToDictionary(p => $"{p.Key}", p => p.Value);
}

/// <summary>One service of it.</summary>
internal sealed record ComposeService(
    string Image, string[] Entrypoint, string[] Command, string[] Secrets, string[] Volumes, string[] Ports, string[] Needs)
{
    public static ComposeService Read(Dictionary<string, object?> service)
    {
        return new ComposeService($"{service["image"]}", List("entrypoint"), List("command"), List("secrets"), List("volumes"), List("ports"), List("depends_on"));

        // A list, or a map of which the keys count.
        string[] List(string key) => service.GetValueOrDefault(key) switch
        {
            List<object> items => [.. items.Select(i => $"{i}")],
            null => [],
            var map => [.. ComposeFile.Map(map).Keys],
        };
    }
}
