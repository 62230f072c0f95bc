using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Akka.Actor;
using Akka.Cluster;
using Akka.Hosting;
using GenCluster.Actors.Coordination;
using GenCluster.Actors.Logging;
using GenCluster.Actors.Metering;
using GenCluster.Actors.Persistence;
using GenCluster.Core.Identity;
using GenCluster.Core.Metrics;
using GenCluster.Core.Sweeps;
using GenCluster.Monitoring;
using GenCluster.Server.Api;
using GenCluster.Server.Metering;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace GenCluster.Server;

/// <summary>A node of the coordinator in this process: an actor system with the singleton, or its proxy, and the journal.</summary>
public sealed class CoordinatorHost : ICoordinator, ICoordinatorNode
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(30);

    private readonly IHost host;
    private readonly CoordinatorClient client;
    private readonly TaskCompletionSource<string> fault = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly NodeMonitor? monitor;

    private CoordinatorHost(IHost host, NodeSettings node, string journal, NodeMonitor? monitor)
    {
        this.host = host;
        this.monitor = monitor;
        Address = node.Address;
        Ended = EndAsync(node);
        Cluster.Get(System).RegisterOnMemberUp(joined.SetResult);
        client = new CoordinatorClient(System, host.Services.GetRequiredService<ActorRegistry>().Get<CoordinatorActor>());
        client.OnSuperseded(lost => _ = CoordinatedShutdown.Get(System).Run(new SupersededReason(lost.Reason)));
        client.OnJournalFailure(e => fault.TrySetResult(
            $"the journal {journal} cannot be {e.What}: {e.Reason.TrimEnd('.')}; nothing acknowledged is lost: put that right and run the same command again"));
    }

    internal ActorSystem System => host.Services.GetRequiredService<ActorSystem>();

    public string Address { get; }

    public Task<string> Fault => fault.Task;

    internal ApiServer? Api => host.Services.GetService<ApiServer>();

    public string? ApiAddress => Api?.Address;

    public string? MetricsAddress => monitor?.Address;

    public Task Joined => joined.Task;

    public Task<NodeEnd> Ended { get; }

    /// <summary>Opens the journal and takes office.</summary>
    /// <exception cref="JournalException">The journal cannot be used; the message says why and what to do.</exception>
    /// <exception cref="CoordinatorStartException">The coordinator cannot start; the message says why and what to do.</exception>
    public static async Task<ICoordinator> StartAsync(CoordinatorOptions options, CancellationToken cancellation)
    {
        var coordinator = await JoinAsync(options, cancellation);
        try
        {
            await coordinator.TakeOfficeAsync(cancellation);
            return coordinator;
        }
        catch
        {
            await coordinator.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens the journal and joins the other nodes. Whether the coordinator lives here is theirs to say, too.</summary>
    /// <exception cref="JournalException">The journal cannot be used; the message says why and what to do.</exception>
    /// <exception cref="CoordinatorStartException">The node cannot start; the message says why and what to do.</exception>
    public static async Task<CoordinatorHost> JoinAsync(CoordinatorOptions options, CancellationToken cancellation)
    {
        options.Journal.Prepare();
        CheckLog(options.Log);
        var node = new NodeSettings(options.Bind, FindPort(options.Bind, options.Port), options.PublicHost, options.Seeds);
        string office = $"{node.Address} ({Guid.NewGuid():N})";
        var monitor = Watch(options);
        var metrics = monitor?.Recorder ?? IMetricRecorder.None;

        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddAkka(CoordinatorHosting.SystemName, akka => akka
            .AddCoordinator(node, new CoordinatorSettings(options.ExpectedWorkers, options.SettleTime, options.LeaseTime, office) { Projects = options.Projects })
            .AddHocon(options.Journal.AkkaConfig(), HoconAddMode.Prepend)
            .AddHocon(FileLogger.Settings(options.Log), HoconAddMode.Prepend)
            .AddCoordinatorMetrics(metrics, options.ExpectedWorkers)
            .AddReadModel(options.HasReadModel ? options.Journal : null));
        if (options.Api is { } api)
            builder.Services.AddApi(api, options.Journal, metrics);
        var host = builder.Build();
        try
        {
            await StartAsync(host, node, cancellation);
        }
        catch when (monitor is not null)
        {
            await monitor.DisposeAsync();
            throw;
        }

        return new CoordinatorHost(host, node, options.Journal.Name, monitor);
    }

    public Task LeaveAsync() => CoordinatedShutdown.Get(System).Run(CoordinatedShutdown.ClrExitReason.Instance);

    public async Task<SubmitAnswer> SubmitAsync(SweepSpec spec, CancellationToken cancellation)
    {
        var (refusal, known) = await client.SubmitAsync(spec, Timeout.InfiniteTimeSpan, cancellation);
        return new SubmitAnswer(refusal, known);
    }

    public Task<string?> ControlAsync(SweepId sweep, int? trial, Verb verb, string by, CancellationToken cancellation) =>
        client.ControlAsync(sweep, trial, verb, by, Timeout.InfiniteTimeSpan, cancellation);

    public async Task<EditAnswer> EditAsync(SweepId sweep, int version, SweepSpec spec, string by, CancellationToken cancellation)
    {
        var (refusal, inForce) = await client.EditAsync(sweep, version, spec, by, Timeout.InfiniteTimeSpan, cancellation);
        return new EditAnswer(refusal, inForce);
    }

    public async IAsyncEnumerable<SweepView> WatchAsync(SweepId sweep, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // Whoever watches wants the newest view, not each one.
        var views = Channel.CreateBounded<SweepView>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        using var subscription = client.Watch(sweep, view => views.Writer.TryWrite(view));
        await foreach (var view in views.Reader.ReadAllAsync(cancellation))
        {
            yield return view;
            if (view.HasEnded)
                yield break;
        }
    }

    public Task DrainAsync(CancellationToken cancellation) => client.DrainAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await host.StopAsync(patience.Token);
        host.Dispose();
        if (monitor is not null)
            await monitor.DisposeAsync();
    }

    private async Task TakeOfficeAsync(CancellationToken cancellation)
    {
        var ready = client.ReadyAsync(StartTime, cancellation);
        if (await Task.WhenAny(ready, fault.Task) == fault.Task)
            throw new CoordinatorStartException(await fault.Task);
        try
        {
            await ready;
        }
        catch (CoordinatorAwayException e)
        {
            throw new CoordinatorStartException($"the coordinator at {Address} did not take office within {StartTime.TotalSeconds:0} s", e);
        }
    }

    /// <summary>Why the actor system ended, which it does whenever the node is out of the cluster.</summary>
    private async Task<NodeEnd> EndAsync(NodeSettings node)
    {
        var system = System;
        await system.WhenTerminated;
        return CoordinatedShutdown.Get(system).ShutdownReason switch
        {
            SupersededReason superseded => new NodeEnd.Downed(superseded.Reason),
            CoordinatedShutdown.ClusterDowningReason => new NodeEnd.Downed("the other nodes went on without it: it did not answer them in time"),
            CoordinatedShutdown.ClusterJoinUnsuccessfulReason => new NodeEnd.CouldNotJoin($"none of {string.Join(", ", node.Seeds)} let it in"),
            _ => new NodeEnd.Left(),
        };
    }

    private static async Task StartAsync(IHost host, NodeSettings node, CancellationToken cancellation)
    {
        try
        {
            await host.StartAsync(cancellation);
        }
        catch (Exception e)
        {
            host.Dispose();
            if (e is OperationCanceledException or CoordinatorStartException)
                throw;
            throw new CoordinatorStartException($"the coordinator cannot start at {node.Bind}:{node.Port}: {e.GetBaseException().Message}", e);
        }
    }

    private static NodeMonitor? Watch(CoordinatorOptions options)
    {
        try
        {
            return options.Metrics is { } address ? new NodeMonitor(address, options.Journal) : null;
        }
        catch (CannotServeMetricsException e)
        {
            throw new CoordinatorStartException($"the coordinator cannot start: {e.Message}", e);
        }
    }

    /// <summary>The actor system itself would go on without a log, and say so where nobody looks.</summary>
    private static void CheckLog(string? log)
    {
        if (log is null or FileLogger.StandardError)
            return;
        try
        {
            using var file = new FileStream(log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CoordinatorStartException($"the coordinator cannot write its log {log}: {e.Message.TrimEnd('.')}; free or grant access to it", e);
        }
    }

    private sealed class SupersededReason(string reason) : CoordinatedShutdown.Reason
    {
        public string Reason { get; } = reason;

        public override int ExitCode => 3;
    }

    /// <summary>The port itself, seen to be free; or any free one for 0, as a cluster node must know its port beforehand.</summary>
    private static int FindPort(IPAddress bind, int port)
    {
        try
        {
            using var listener = new TcpListener(bind, port);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        catch (SocketException e)
        {
            throw new CoordinatorStartException($"the coordinator cannot listen on {bind}:{port}: {e.Message}; choose another port, or 0 for any free one", e);
        }
    }
}

/// <summary>A coordinator cannot start.</summary>
public sealed class CoordinatorStartException(string message, Exception? inner = null) : Exception(message, inner);
