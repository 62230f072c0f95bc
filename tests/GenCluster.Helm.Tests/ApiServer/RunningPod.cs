using System.Diagnostics;
using System.Text.Json;
using k8s;
using k8s.Models;

namespace GenCluster.Helm.Tests.ApiServer;

/// <summary>One pod: its volumes as folders, its containers one after the other as processes, its state as it is told to the API server.</summary>
internal sealed class RunningPod : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    private readonly V1Pod pod;
    private readonly ApiServerProcesses server;
    private readonly PodFiles files;
    private readonly string address;
    private ContainerProcess? process;
    private int restarts;
    private string told = "";

    public RunningPod(V1Pod pod, ApiServerProcesses server, Kubelet kubelet)
    {
        this.pod = pod;
        this.server = server;
        address = kubelet.AddressOf(pod.Name());
        files = new PodFiles(pod, server, kubelet);
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        await files.LayAsync();
        foreach (var container in pod.Spec.InitContainers ?? [])
        {
            while (await RunToEndAsync(container, cancellation) is var code && code != 0)
            {
                if (code is null)
                    return;
                await Task.Delay(Interval, cancellation);
            }
        }

        var main = pod.Spec.Containers[0];
        while (await RunToEndAsync(main, cancellation) is { } code)
        {
            if (pod.Spec.RestartPolicy == "Never")
            {
                await TellAsync(code == 0 ? "Succeeded" : "Failed", ready: false, exit: code);
                await UntilDeletedAsync(cancellation);
                return;
            }

            restarts++;
            await TellAsync("Running", ready: false, exit: null);
            await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
            await process.KillAsync();
    }

    /// <returns>The exit code; null when the pod was deleted meanwhile, and is gone.</returns>
    private async Task<int?> RunToEndAsync(V1Container container, CancellationToken cancellation)
    {
        process = await ContainerProcess.StartAsync(container, files, address, server.Folder);
        bool isMain = container == pod.Spec.Containers[0];
        while (!process.HasExited)
        {
            cancellation.ThrowIfCancellationRequested();
            if (await IsDeletedAsync())
            {
                await process.EndAsync(TimeSpan.FromSeconds(pod.Spec.TerminationGracePeriodSeconds ?? 30));
                await RemoveAsync();
                return null;
            }

            if (isMain)
                await TellAsync("Running", await IsReadyAsync(container), exit: null);
            await Task.Delay(Interval, cancellation);
        }

        return process.ExitCode;
    }

    private async Task UntilDeletedAsync(CancellationToken cancellation)
    {
        while (!await IsDeletedAsync())
            await Task.Delay(Interval, cancellation);
        await RemoveAsync();
    }

    private async Task<bool> IsDeletedAsync() => (await server.Client.CoreV1.ReadNamespacedPodAsync(pod.Name(), pod.Namespace())).Metadata.DeletionTimestamp is not null;

    private Task RemoveAsync() => server.Client.CoreV1.DeleteNamespacedPodAsync(pod.Name(), pod.Namespace(), gracePeriodSeconds: 0);

    /// <summary>As the probe says; where the program does not know the port yet, as long as the process lives.</summary>
    private async Task<bool> IsReadyAsync(V1Container container)
    {
        if (container.ReadinessProbe?.HttpGet is not { } probe || !process!.Serves(probe.Port.Value))
            return true;
        try
        {
            using var answer = await Http.GetAsync(new Uri($"http://{process.HostOf(probe.Port.Value)}:{container.Ports.Single(p => p.Name == probe.Port.Value).ContainerPort}{probe.Path}"));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    /// <summary>Told when something is other than before.</summary>
    private async Task TellAsync(string phase, bool ready, int? exit)
    {
        string now = JsonSerializer.Serialize(new
        {
            status = new
            {
                phase,
                podIP = address,
                conditions = ((string[])["Initialized", "PodScheduled", "ContainersReady", "Ready"]).Select((type, i) => new { type, status = i < 2 || ready ? "True" : "False" }),
                containerStatuses = new[]
                {
                    new
                    {
                        name = pod.Spec.Containers[0].Name,
                        image = pod.Spec.Containers[0].Image,
                        imageID = "",
                        ready,
                        restartCount = restarts,
                        state = exit is { } code ? (object)new { terminated = new { exitCode = code } } : new { running = new { } },
                    },
                },
            },
        });
        if (now == told)
            return;
        await server.Client.CoreV1.PatchNamespacedPodStatusAsync(new V1Patch(now, V1Patch.PatchType.MergePatch), pod.Name(), pod.Namespace());
        told = now;
    }
}
