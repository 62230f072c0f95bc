using GenCluster.Cli.Serving;
using GenCluster.Helm.Tests.Support;
using GenCluster.Server;
using k8s.Models;

namespace GenCluster.Helm.Tests;

/// <summary>What the containers run is read by the real programs, so that no chart tells them what they do not understand.</summary>
public sealed class CommandLineTests
{
    public static TheoryData<string, string> All => ManifestTests.All;

    [Theory]
    [MemberData(nameof(All))]
    public async Task Every_command_line_is_understood(string chart, string values)
    {
        var manifests = await Chart.Of(chart).RenderAsync(values);

        var ours = manifests.Containers.Where(c => c.Container.Name != "postgresql").ToList();
        ours.ShouldNotBeEmpty();
        ours.SelectMany(c => Commands.Faults(c.Container).Select(f => $"{c.Container.Name}: {f}")).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Every_file_that_a_command_names_is_mounted(string chart, string values)
    {
        var manifests = await Chart.Of(chart).RenderAsync(values);

        manifests.Containers.SelectMany(c => Commands.Of(c.Container).Arguments.Where(a => a.StartsWith("/etc/", StringComparison.Ordinal) && !IsMounted(a, c.Pod, c.Container)))
            .ShouldBeEmpty();
    }

    [Theory]
    [InlineData("defaults", 1)]
    [InlineData("three-coordinators", 3)]
    [InlineData("everything-else", 1)]
    public async Task Every_coordinator_finds_itself_among_the_nodes(string values, int nodes)
    {
        var manifests = await Chart.Cluster.RenderAsync(values);
        var set = manifests.All<V1StatefulSet>().Single(s => s.Name().EndsWith("-coordinator", StringComparison.Ordinal));
        var command = Commands.Cli.Subcommands.OfType<ServeCommand>().Single();

        for (int i = 0; i < nodes; i++)
        {
            var container = set.Spec.Template.Spec.Containers.Single();
            string[] arguments = [.. container.Args.Select(a => a
                .Replace("$(POD_NAME)", $"{set.Name()}-{i}", StringComparison.Ordinal).Replace("$(POD_IP)", "10.1.2.3", StringComparison.Ordinal))];
            var settings = command.Read(Commands.Parsed(Commands.Cli, arguments));

            settings.Seeds.Count.ShouldBe(nodes);
            settings.Seeds[i].ShouldBe(CoordinatorAddress.Of(settings.PublicHost!, settings.Port));
            settings.Seeds.ShouldAllBe(seed => CoordinatorAddress.IsValid(seed));
        }
    }

    [Fact]
    public async Task Workers_are_told_the_nodes_that_coordinators_are()
    {
        var manifests = await Chart.Cluster.RenderAsync("three-coordinators");

        AddressesAfter("--coordinator", manifests.Container("lab-gencluster-worker")).ShouldBe(AddressesAfter("--seed", manifests.Container("lab-gencluster-coordinator")));
        AddressesAfter("--coordinator", manifests.Container("lab-gencluster-worker")).ShouldBe(
        [
            .. Enumerable.Range(0, 3).Select(i => $"akka.tcp://gencluster@lab-gencluster-coordinator-{i}.lab-gencluster-nodes.ml.svc.cluster.local:4053"),
        ]);
    }

    private static string[] AddressesAfter(string option, V1Container container) =>
        [.. Enumerable.Range(1, container.Args.Count - 1).Where(i => container.Args[i - 1] == option).Select(i => container.Args[i])];

    private static bool IsMounted(string file, V1PodSpec pod, V1Container container)
    {
        var mount = container.VolumeMounts.SingleOrDefault(m => Path.GetDirectoryName(file) == m.MountPath);
        var volume = pod.Volumes.SingleOrDefault(v => v.Name == mount?.Name);
        string name = Path.GetFileName(file);
        return volume switch
        {
            { Secret: { Items: { Count: > 0 } items } } => items.Any(i => i.Path == name),
            { ConfigMap: { Items: { Count: > 0 } items } } => items.Any(i => i.Path == name),
            { Secret: not null } or { ConfigMap: not null } => true,
            { Projected.Sources: var sources } => sources.Any(s => s.Secret is { Items: null } || s.Secret?.Items?.Any(i => i.Path == name) == true || s.ServiceAccountToken?.Path == name),
            _ => false,
        };
    }
}
