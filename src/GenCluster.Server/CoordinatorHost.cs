using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Akka.Actor;
using Akka.Hosting;
using GenCluster.Actors.Coordination;
using GenCluster.Actors.Logging;
using GenCluster.Actors.Persistence;
using GenCluster.Core.Identity;
using GenCluster.Core.Sweeps;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace GenCluster.Server;

/// <summary>A coordinator in this process: an actor system with the coordinator singleton and its journal.</summary>
public sealed class CoordinatorHost : ICoordinator
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(30);

    private readonly IHost host;
    private readonly CoordinatorClient client;
    private readonly TaskCompletionSource<string> fault = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private CoordinatorHost(IHost host, string address, string journal)
    {
        this.host = host;
        Address = address;
        client = new CoordinatorClient(
            host.Services.GetRequiredService<ActorSystem>(), host.Services.GetRequiredService<ActorRegistry>().Get<CoordinatorActor>());
        client.OnJournalFailure(e => fault.TrySetResult(
            $"the journal {journal} cannot be {e.What}: {e.Reason.TrimEnd('.')}; nothing acknowledged is lost: put that right and run the same command again"));
    }

    internal ActorSystem System => host.Services.GetRequiredService<ActorSystem>();

    public string Address { get; }

    public Task<string> Fault => fault.Task;

    /// <summary>Opens the journal and takes office.</summary>
    /// <exception cref="JournalException">The journal cannot be used; the message says why and what to do.</exception>
    /// <exception cref="CoordinatorStartException">The coordinator cannot start; the message says why and what to do.</exception>
    public static async Task<ICoordinator> StartAsync(CoordinatorOptions options, CancellationToken cancellation)
    {
        SqliteJournal.Prepare(options.Journal);
        CheckLog(options.Log);
        int port = FindPort(options.Bind, options.Port);

        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddAkka(CoordinatorHosting.SystemName, akka => akka
            .AddCoordinator(options.Bind, port, new CoordinatorSettings(options.ExpectedWorkers, options.SettleTime, options.LeaseTime))
            .AddHocon(SqliteJournal.Config(options.Journal), HoconAddMode.Prepend)
            .AddHocon(FileLogger.Settings(options.Log), HoconAddMode.Prepend));
        var host = builder.Build();
        await StartAsync(host, options.Bind, port, cancellation);

        var coordinator = new CoordinatorHost(host, $"akka.tcp://{CoordinatorHosting.SystemName}@{options.Bind}:{port}", options.Journal);
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

    public async Task<SubmitAnswer> SubmitAsync(SweepSpec spec, CancellationToken cancellation)
    {
        var (refusal, known) = await client.SubmitAsync(spec, cancellation);
        return new SubmitAnswer(refusal, known);
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
    }

    private async Task TakeOfficeAsync(CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(StartTime);
        var ready = client.ReadyAsync(patience.Token);
        if (await Task.WhenAny(ready, fault.Task) == fault.Task)
            throw new CoordinatorStartException(await fault.Task);
        try
        {
            await ready;
        }
        catch (Exception e) when (e is OperationCanceledException or AskTimeoutException && !cancellation.IsCancellationRequested)
        {
            throw new CoordinatorStartException($"the coordinator at {Address} did not take office within {StartTime.TotalSeconds:0} s", e);
        }
    }

    private static async Task StartAsync(IHost host, IPAddress bind, int port, CancellationToken cancellation)
    {
        try
        {
            await host.StartAsync(cancellation);
        }
        catch (Exception e)
        {
            host.Dispose();
            if (e is OperationCanceledException)
                throw;
            throw new CoordinatorStartException($"the coordinator cannot start at {bind}:{port}: {e.GetBaseException().Message}", e);
        }
    }

    /// <summary>The actor system itself would go on without a log, and say so where nobody looks.</summary>
    private static void CheckLog(string? log)
    {
        if (log is null)
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
