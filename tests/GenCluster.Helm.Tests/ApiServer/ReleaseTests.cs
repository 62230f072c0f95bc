using System.Globalization;
using System.Net;
using System.Net.Sockets;
using GenCluster.Helm.Tests.Support;
using k8s;
using k8s.Models;

namespace GenCluster.Helm.Tests.ApiServer;

/// <summary>The charts on a real API server, by real Helm, with the real programs in the pods.</summary>
[Trait("Real", "ApiServer")]
public sealed class ReleaseTests(Cluster cluster) : IClassFixture<Cluster>
{
    private readonly int port = FreePort();

    [Fact]
    public async Task Both_charts_live_from_install_to_uninstall()
    {
        await cluster.UpgradeAsync("lab", "gencluster", Values(workers: 2), "--wait");
        (await ComponentsAsync()).ShouldBe(["coordinator", "worker", "worker"]);

        // A sweep that is over soon: the job ends as it ends.
        await cluster.UpgradeAsync("tonight", "gencluster-sweep", Sweep("tonight", trials: 3, seconds: 0), "--wait", "--wait-for-jobs");
        (await cluster.JobsAsync("tonight")).ShouldHaveSingleItem().Status.Succeeded.ShouldBe(1);
        cluster.LogsOf("follow").ShouldContain("sweep tonight submitted");

        // One that goes on is changed by an upgrade and changed back by a rollback.
        await cluster.UpgradeAsync("long", "gencluster-sweep", Sweep("long", trials: 2, seconds: 600));
        await SaysAsync("sweep long submitted");
        await cluster.UpgradeAsync("long", "gencluster-sweep", Sweep("long", trials: 5, seconds: 600));
        await SaysAsync("sweep long was there with another file; it goes on with version 2");
        await cluster.Server.HelmAsync("rollback", "long", "1", "--namespace", Cluster.Namespace);
        await SaysAsync("sweep long was there with another file; it goes on with version 3");

        // Uninstalling cancels it.
        await cluster.UninstallAsync("long");
        await SaysAsync("sweep long is cancelled: all work on it ends now");
        await cluster.UninstallAsync("tonight");
        (await cluster.PodsAsync("long")).Concat(await cluster.PodsAsync("tonight")).ShouldBeEmpty();

        // The cluster itself: another number of workers, back again, and gone.
        await cluster.UpgradeAsync("lab", "gencluster", Values(workers: 1), "--wait");
        await Eventually.HoldsAsync(async () => (await ComponentsAsync()).SequenceEqual(["coordinator", "worker"]), "one worker to leave");
        await cluster.Server.HelmAsync("rollback", "lab", "1", "--namespace", Cluster.Namespace, "--wait", "--timeout", "4m");
        await Eventually.HoldsAsync(async () => (await ComponentsAsync()).Count == 3, "the worker to come back");
        await cluster.UninstallAsync("lab");
        await Eventually.HoldsAsync(async () => (await ComponentsAsync()).Count == 0, "all pods to leave");
        (await cluster.Client.CoreV1.ListNamespacedPersistentVolumeClaimAsync(Cluster.Namespace)).Items.ShouldHaveSingleItem("the journal is kept").Name().ShouldStartWith("journal-");
        cluster.Kubelet.Faults.ShouldBeEmpty();
    }

    private Task SaysAsync(string line) => Eventually.HoldsAsync(
        () => Task.FromResult((cluster.LogsOf("follow") + cluster.LogsOf("cancel")).Contains(line, StringComparison.Ordinal)), $"'{line}'");

    private async Task<List<string>> ComponentsAsync() =>
        [.. (await cluster.PodsAsync("lab")).Select(p => p.Metadata.Labels["app.kubernetes.io/component"]).Order(StringComparer.Ordinal)];

    /// <summary>
    /// Programs only: libtorch takes its time, and nothing here is about training. The API is on loopback, which all pods of
    /// this machine share.
    /// </summary>
    private string Values(int workers) =>
        $$"""
        auth: {mode: none}
        coordinator: {httpPort: {{port}}}
        worker: {device: cpu, programsOnly: true, replicas: {{workers}}, terminationGracePeriodSeconds: 40}
        """;

    private string Sweep(string name, int trials, int seconds) => string.Create(CultureInfo.InvariantCulture,
        $$"""
        server: http://127.0.0.1:{{port}}
        auth: {mode: none}
        sweep: |
          apiVersion: gencluster/v1
          kind: Sweep
          name: {{name}}
          trainable: {command: [/bin/sh, -c, "sleep {{seconds}}; echo loss=0.5"]}
          objective: {metric: loss, goal: minimize}
          search: {algorithm: random, maxTrials: {{trials}}, parallelTrials: 2}
          parameters:
            x: {min: 0.0, max: 1.0}
        """);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
