using Akka.Actor;
using Akka.Hosting;
using GenCluster.Actors.Coordination;
using GenCluster.Actors.Workers;
using GenCluster.Core.Identity;
using GenCluster.Core.Training;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace GenCluster.Benchmarks.Systems;

/// <summary>Workers in this process: the real actors, with any runner.</summary>
internal static class WorkerHosts
{
    /// <summary>Starts so many, named <c>PREFIX-0</c> and on, in one actor system with one connection.</summary>
    public static async Task<IHost> StartAsync(string coordinator, string prefix, int count, ITrialRunner runner)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddAkka(CoordinatorHosting.SystemName, akka => akka
            .AddWorker("127.0.0.1", 0, SettingsOf(0), runner)
            .AddHocon("akka { loglevel = WARNING, stdout-loglevel = OFF }", HoconAddMode.Prepend)
            .WithActors((system, _) =>
            {
                for (int i = 1; i < count; i++)
                    system.ActorOf(WorkerActor.PropsFor(SettingsOf(i), runner), $"worker-{i}");
            }));
        var host = builder.Build();
        await host.StartAsync();
        return host;

        WorkerSettings SettingsOf(int i) => new(new WorkerId($"{prefix}-{i}"), Guid.NewGuid(), [coordinator], "cpu", "127.0.0.1", 1);
    }
}
