using System.Diagnostics;
using System.Globalization;
using Akka.Actor;
using Akka.Hosting;
using GenCluster.Actors.Coordination;
using GenCluster.Actors.Persistence;
using GenCluster.Actors.Workers;
using GenCluster.Core.Identity;
using GenCluster.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace GenCluster.Benchmarks.Throughput;

/// <summary>
/// The whole system in this process, once: a coordinator with its journal, its read model and a face that watches, and workers
/// that talk to it over the loopback. Writes what it measured on standard output, <c>NAME NUMBER NUMBER ...</c> a line.
/// <code>
/// sweep JOURNAL TRIALS EVENTS-TO-LIVE WHETHER-TO-LOOK-AT-THE-HEAP
/// </code>
/// </summary>
internal static class ThroughputHost
{
    public const string Role = "sweep";

    /// <summary>When the heap is looked at, as shares of all trials.</summary>
    private static readonly double[] Moments = [0.2, 0.6, 1];

    public static async Task RunAsync(string file, int trials, int eventsToLive, bool weighs)
    {
        using var death = eventsToLive > 0 ? new SuddenDeath(eventsToLive) : null;
        using var times = eventsToLive > 0 ? null : new DecisionTimes();
        await using var coordinator = (CoordinatorHost)await CoordinatorHost.StartAsync(
            new CoordinatorOptions { Journal = new JournalDatabase.Sqlite(file), HasReadModel = true, ExpectedWorkers = ThroughputSweep.Parallel }, CancellationToken.None);
        var clock = Stopwatch.StartNew();
        var first = new TaskCompletionSource();
        var runner = new TrivialRunner(count =>
        {
            first.TrySetResult();
            if (weighs && Array.Exists(Moments, m => (int)(m * trials) == count))
                Say("heap", count, GC.GetTotalMemory(forceFullCollection: true));
        });
        using var workers = await StartWorkersAsync(coordinator.Address, runner);
        var answer = await coordinator.SubmitAsync(ThroughputSweep.Spec(trials), CancellationToken.None);
        if (answer.Refusal is { } refusal)
            throw new BenchmarkException(refusal);
        await first.Task;
        Say("began", clock.Elapsed.TotalSeconds);
        clock.Restart();
        await foreach (var view in coordinator.WatchAsync(ThroughputSweep.Id, CancellationToken.None))
        {
            if (view.HasEnded)
                break;
        }

        Say("seconds", clock.Elapsed.TotalSeconds);
        Say("pauses", [.. runner.Pauses]);
        Say("decisions", [.. times?.Milliseconds ?? []]);
        await workers.StopAsync();
    }

    private static async Task<IHost> StartWorkersAsync(string coordinator, TrivialRunner runner)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddAkka(CoordinatorHosting.SystemName, akka => akka
            .AddWorker("127.0.0.1", 0, SettingsOf(0), runner)
            .AddHocon("akka { loglevel = WARNING, stdout-loglevel = OFF }", HoconAddMode.Prepend)
            .WithActors((system, _) =>
            {
                for (int i = 1; i < ThroughputSweep.Parallel; i++)
                    system.ActorOf(WorkerActor.PropsFor(SettingsOf(i), runner), $"worker-{i}");
            }));
        var host = builder.Build();
        await host.StartAsync();
        return host;

        WorkerSettings SettingsOf(int i) => new(new WorkerId($"worker-{i}"), Guid.NewGuid(), [coordinator], "cpu", "127.0.0.1", 1);
    }

    private static void Say(string name, params double[] numbers)
    {
        lock (Moments)
            Console.WriteLine($"{name} {string.Join(' ', numbers.Select(n => n.ToString("R", CultureInfo.InvariantCulture)))}");
    }
}
