using Akka.Actor;
using Akka.Hosting;
using GenCluster.Actors.Coordination;
using GenCluster.Actors.Logging;
using GenCluster.Actors.Workers;
using GenCluster.Certificates;
using GenCluster.Core.Identity;
using GenCluster.Core.Training;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace GenCluster.Server.Tests.Support;

/// <summary>A worker in an actor system of its own, which reaches the coordinator over TCP as any worker does.</summary>
internal sealed class RemoteWorker : IAsyncDisposable
{
    private readonly IHost host;

    private RemoteWorker(IHost host)
    {
        this.host = host;
    }

    public ActorSystem System => host.Services.GetRequiredService<ActorSystem>();

    public IActorRef Actor => host.Services.GetRequiredService<ActorRegistry>().Get<WorkerActor>();

    public static async Task<RemoteWorker> StartAsync(string name, string coordinator, ITrialRunner runner, TransportSecurity? security = null)
    {
        var settings = new WorkerSettings(new WorkerId(name), Guid.NewGuid(), [coordinator], "cpu", "127.0.0.1", 1);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddAkka(CoordinatorHosting.SystemName, akka => akka
            .AddWorker("127.0.0.1", 0, settings, runner, security)
            .AddHocon(FileLogger.Settings(null), HoconAddMode.Prepend));
        var host = builder.Build();
        await host.StartAsync();
        return new RemoteWorker(host);
    }

    /// <summary>Ends it without a goodbye.</summary>
    public Task KillAsync() => System.Terminate();

    public async ValueTask DisposeAsync()
    {
        await System.Terminate();
        await host.StopAsync();
        host.Dispose();
    }
}
