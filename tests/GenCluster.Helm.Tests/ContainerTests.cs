using System.Text.RegularExpressions;
using GenCluster.Helm.Tests.Support;
using k8s.Models;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace GenCluster.Helm.Tests;

/// <summary>
/// The container files and <c>deploy/compose.yaml</c>, as far as they can be looked at without a container tool: what they
/// build from, who they run as, and that everything they name is there. <c>build/images.sh --check</c> runs their commands.
/// </summary>
public sealed partial class ContainerTests
{
    public static TheoryData<string> Files => ["coordinator", "worker"];

    [Theory]
    [MemberData(nameof(Files))]
    public void An_image_is_built_in_two_stages_from_releases_that_are_named(string image)
    {
        var lines = Lines(image);

        lines.Where(l => l.StartsWith("FROM ", StringComparison.Ordinal)).ShouldBe(["FROM ${SDK} AS build", "FROM ${RUNTIME}"]);
        lines.Where(l => l.StartsWith("ARG ", StringComparison.Ordinal) && l.Contains('/')).Count(l => Pinned().IsMatch(l)).ShouldBe(2);
        lines.ShouldContain(l => l.StartsWith("COPY --from=build /app ", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void An_image_runs_as_nobody_in_particular_and_says_how_it_is(string image)
    {
        var last = Lines(image).SkipWhile(l => l != "FROM ${RUNTIME}").ToList();

        last.Where(l => l.StartsWith("USER ", StringComparison.Ordinal)).ShouldBe(["USER 1654:1654"]);
        last.ShouldContain(l => l.StartsWith("HEALTHCHECK ", StringComparison.Ordinal) && l.Contains("9464", StringComparison.Ordinal));
        last.ShouldContain("STOPSIGNAL SIGTERM");
        last.FindIndex(l => l.StartsWith("USER ", StringComparison.Ordinal)).ShouldBeGreaterThan(last.FindLastIndex(l => l.StartsWith("RUN ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Images_begin_the_programs_that_the_charts_begin()
    {
        Lines("coordinator").ShouldContain("ENTRYPOINT [\"gencluster\"]");
        Lines("worker").ShouldContain("ENTRYPOINT [\"tini\", \"--\", \"gencluster-worker\"]");
        Lines("coordinator").Single(l => l.StartsWith("EXPOSE ", StringComparison.Ordinal)).ShouldBe("EXPOSE 4053 8080 9464");
        Lines("worker").Single(l => l.StartsWith("EXPOSE ", StringComparison.Ordinal)).ShouldBe("EXPOSE 4054 4055 9464");
    }

    [Fact]
    public void The_health_check_of_the_coordinator_is_a_command_it_has()
    {
        string check = Lines("coordinator").Single(l => l.StartsWith("HEALTHCHECK ", StringComparison.Ordinal));
        string[] command = [.. Quoted().Matches(check).Select(m => m.Groups["text"].Value)];

        Commands.Faults(new V1Container { Name = "health", Command = command }).ShouldBeEmpty();
    }

    [Fact]
    public void What_compose_runs_is_understood_by_the_programs()
    {
        foreach (var (name, service) in Compose().Services.Where(s => s.Value.Image.StartsWith("gencluster/", StringComparison.Ordinal)))
        {
            string[] command = name == "worker"
                ? [.. service.Entrypoint[..2], "gencluster-worker", "--bind", "10.1.2.3", .. service.Command]
                : ["gencluster", .. service.Command];
            Commands.Faults(new V1Container { Name = name, Command = command }).ShouldBeEmpty();
        }

        Compose().Services["worker"].Entrypoint.ShouldContain("exec gencluster-worker --bind \"$$(hostname -i)\" \"$$@\"");
    }

    [Fact]
    public async Task Compose_runs_the_images_that_the_chart_runs()
    {
        var manifests = await Chart.Cluster.RenderAsync("cpu");
        var services = Compose().Services;

        services["coordinator"].Image.ShouldBe(manifests.Container("lab-gencluster-coordinator").Image);
        services["worker"].Image.ShouldBe(manifests.Container("lab-gencluster-worker").Image);
        services["database"].Image.ShouldBe((await Chart.Cluster.RenderAsync("trial-database")).Container("lab-gencluster-trial-database").Image);
    }

    [Fact]
    public void Everything_that_compose_names_is_there()
    {
        var compose = Compose();

        foreach (var (name, service) in compose.Services)
        {
            service.Secrets.Except(compose.Secrets.Keys).ShouldBeEmpty(name);
            service.Needs.Except(compose.Services.Keys).ShouldBeEmpty(name);
            string[] mounted = [.. service.Volumes.Select(v => v.Split(':')[0])];
            mounted.Where(m => m[0] != '.').Except(compose.Volumes).ShouldBeEmpty(name);
            mounted.Where(m => m[0] == '.' && !Path.Exists(Repository.PathOf("deploy", m))).ShouldBeEmpty(name);
            service.Image.ShouldMatch(@"^[a-z/]+:[a-z]?\d+\.\d+(\.\d+)?(-[a-z]+)?$", $"{name} is not pinned");
            service.Ports.ShouldAllBe(p => p.StartsWith("127.0.0.1:"));
        }

        string made = Repository.Read("deploy", "secrets.sh");
        compose.Secrets.Values.ShouldAllBe(file => made.Contains($">{Path.GetFileName(file)}"));
    }

    private static List<string> Lines(string image) =>
        [.. Repository.Read("deploy", $"{image}.Containerfile").Replace("\\\n", "", StringComparison.Ordinal).Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#')];

    private static ComposeFile Compose() =>
        ComposeFile.Read(new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(new MergingParser(new Parser(new StringReader(Repository.Read("deploy", "compose.yaml"))))));

    [GeneratedRegex(@"^ARG (SDK|RUNTIME)=[a-z./]+:\d+\.\d+\.\d+-[a-z-]+$")]
    private static partial Regex Pinned();

    [GeneratedRegex("\"(?<text>[^\"]+)\"")]
    private static partial Regex Quoted();
}
