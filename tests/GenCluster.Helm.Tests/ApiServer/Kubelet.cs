using System.Collections.Concurrent;
using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace GenCluster.Helm.Tests.ApiServer;

/// <summary>
/// Scheduler and kubelet of two nodes at once: binds pods to nodes, starts the real programs for them as processes of this
/// machine, reports what becomes of them, and ends them when they are deleted.
/// </summary>
internal sealed class Kubelet : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private static readonly string[] Nodes = ["node-a", "node-b"];

    private readonly ApiServerProcesses server;
    private readonly CancellationTokenSource end = new();
    private readonly ConcurrentDictionary<string, Task> pods = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> addresses = new(StringComparer.Ordinal);
    private Task loop = Task.CompletedTask;
    private int bound;

    public Kubelet(ApiServerProcesses server) => this.server = server;

    /// <summary>What went wrong with the kubelet itself.</summary>
    public ConcurrentQueue<string> Faults { get; } = new();

    public async Task StartAsync()
    {
        foreach (string node in Nodes)
        {
            await server.Client.CoreV1.CreateNodeAsync(new V1Node
            {
                Metadata = new V1ObjectMeta { Name = node, Labels = new Dictionary<string, string> { ["kubernetes.io/hostname"] = node } },
            });
        }

        loop = LoopAsync();
    }

    /// <summary>The address of a pod: one of loopback's own, the same for every pod of that name.</summary>
    public string AddressOf(string pod) => addresses.GetOrAdd(pod, _ => $"127.0.7.{addresses.Count + 1}");

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await loop;
        await Task.WhenAll(pods.Values);
        end.Dispose();
    }

    private async Task LoopAsync()
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                foreach (var pod in (await server.Client.CoreV1.ListPodForAllNamespacesAsync(cancellationToken: end.Token)).Items)
                {
                    if (pod.Spec.NodeName is null && pod.Metadata.DeletionTimestamp is null)
                        await BindAsync(pod);
                    else if (pod.Spec.NodeName is not null)
                        _ = pods.GetOrAdd(pod.Metadata.Uid, _ => Task.Run(() => AttendAsync(pod)));
                }

                await Task.Delay(Interval, end.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or HttpOperationException or HttpRequestException)
            {
                if (e is not OperationCanceledException)
                    Faults.Enqueue(e.Message);
            }
        }
    }

    private async Task BindAsync(V1Pod pod)
    {
        var open = (await server.Client.CoreV1.ListNodeAsync()).Items.Where(n => n.Spec.Unschedulable != true).Select(n => n.Name()).ToList();
        if (open.Count == 0)
            return;
        string node = open[bound++ % open.Count];
        var binding = new V1Binding { Metadata = new V1ObjectMeta { Name = pod.Name() }, Target = new V1ObjectReference { ApiVersion = "v1", Kind = "Node", Name = node } };
        await server.Client.CoreV1.CreateNamespacedPodBindingAsync(binding, pod.Name(), pod.Namespace());
    }

    private async Task AttendAsync(V1Pod pod)
    {
        try
        {
            await using var running = new RunningPod(pod, server, this);
            await running.RunAsync(end.Token);
        }
        catch (OperationCanceledException)
        {
            // The tests are over.
        }
        catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.NotFound)
        {
            // Somebody deleted it with force.
        }
        catch (Exception e)
        {
            Faults.Enqueue($"{pod.Name()}: {e}");
        }
    }
}
