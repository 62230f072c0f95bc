using Akka.Hosting;
using GenCluster.Actors.Coordination;
using GenCluster.Actors.Workers;
using GenCluster.Core.Identity;
using GenCluster.Core.Training;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace GenCluster.Benchmarks.Idle;

/// <summary>
/// Workers without work in one process, each with an actor system and a connection of its own, as processes have them.
/// <code>
/// idle COORDINATOR COUNT
/// </code>
/// </summary>
internal static class IdleWorkers
{
    public const string Role = "idle";

    public static async Task RunAsync(string coordinator, int count)
    {
        for (int i = 0; i < count; i++)
        {
            var settings = new WorkerSettings(new WorkerId($"worker-{i}"), Guid.NewGuid(), [coordinator], "cpu", "127.0.0.1", 1);
            var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
            builder.Services.AddAkka(CoordinatorHosting.SystemName, akka => akka
                .AddWorker("127.0.0.1", 0, settings, new NoRunner())
                .AddHocon("akka { loglevel = WARNING, stdout-loglevel = OFF }", HoconAddMode.Prepend));
            await builder.Build().StartAsync();
        }

        await Task.Delay(Timeout.Infinite);
    }

    private sealed class NoRunner : ITrialRunner
    {
        public RunOutcome Run(TrialOrder order, ITrialObserver observer, RunControl control) => throw new BenchmarkException("an idle worker was given a trial");
    }
}
