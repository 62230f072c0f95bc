using GenCluster.Helm.Tests.Support;
using k8s;
using k8s.Models;

namespace GenCluster.Helm.Tests.ApiServer;

/// <summary>A cluster for the tests: an API server, and a kubelet that runs the real programs.</summary>
public sealed class Cluster : IAsyncLifetime
{
    internal const string Namespace = "ml";

    internal ApiServerProcesses Server { get; private set; } = null!;

    internal Kubelet Kubelet { get; private set; } = null!;

    internal IKubernetes Client => Server.Client;

    public async ValueTask InitializeAsync()
    {
        Server = await ApiServerProcesses.StartAsync();
        Kubelet = new Kubelet(Server);
        await Kubelet.StartAsync();
        await Client.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = Namespace } });
        await Eventually.HoldsAsync(async () => (await Client.CoreV1.ListNamespacedServiceAccountAsync(Namespace)).Items.Count > 0, "the namespace's account");
    }

    public async ValueTask DisposeAsync()
    {
        if (Kubelet is not null)
            await Kubelet.DisposeAsync();
        if (Server is not null)
            await Server.DisposeAsync();
    }

    /// <summary>Installs or upgrades a chart with values as text, and waits until its pods are ready.</summary>
    internal async Task<string> UpgradeAsync(string release, string chart, string values, params string[] arguments)
    {
        string file = Path.Combine(Server.Folder, $"{release}.yaml");
        await File.WriteAllTextAsync(file, values);
        return await Server.HelmAsync(["upgrade", release, Chart.Of(chart).Folder, "--install", "--namespace", Namespace, "--values", file, "--timeout", "4m", .. arguments]);
    }

    internal Task UninstallAsync(string release) => Server.HelmAsync("uninstall", release, "--namespace", Namespace, "--timeout", "4m");

    internal async Task<IList<V1Pod>> PodsAsync(string release) =>
        (await Client.CoreV1.ListNamespacedPodAsync(Namespace, labelSelector: $"app.kubernetes.io/instance={release}")).Items;

    internal async Task<IList<V1Job>> JobsAsync(string release) =>
        (await Client.BatchV1.ListNamespacedJobAsync(Namespace, labelSelector: $"app.kubernetes.io/instance={release}")).Items;

    /// <summary>What all containers of that name have said.</summary>
    internal string LogsOf(string container) => string.Join('\n', Directory.EnumerateFiles(Path.Combine(Server.Folder, "pods"), $"{container}.log", SearchOption.AllDirectories).Select(File.ReadAllText));
}
