using System.Diagnostics;
using System.Globalization;
using Akka.Actor;
using Akka.Hosting;
using GenCluster.Actors.Coordination;
using GenCluster.Actors.Persistence;
using GenCluster.Actors.Workers;
using GenCluster.Benchmarks.Throughput;
using GenCluster.Core.Identity;
using GenCluster.Core.Trials;
using GenCluster.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace GenCluster.Benchmarks.Scale;

/// <summary>
/// A coordinator and its thousand workers in this process. Writes what it measured on standard output, <c>NAME NUMBER ...</c> a line.
/// <code>
/// scale CONNECTION-STRING SECONDS-OF-A-STEP
/// </code>
/// </summary>
internal static class ScaleHost
{
    public const string Role = "scale";

    private const int Systems = 10; // each has its own connection
    private static readonly double[] Moments = [0.25, 1];

    public static async Task RunAsync(string database, double secondsOfAStep)
    {
        const int workers = ScaleSweep.Gangs * ScaleSweep.Members, reports = ScaleSweep.Gangs * ScaleSweep.Steps;
        var journal = new JournalDatabase.Postgres(database);
        journal.Migrate();
        using var times = new DecisionTimes();
        await using var coordinator = (CoordinatorHost)await CoordinatorHost.StartAsync(
            new CoordinatorOptions { Journal = journal, HasReadModel = true, ExpectedWorkers = workers, SettleTime = TimeSpan.FromMinutes(2) }, CancellationToken.None);
        var first = new TaskCompletionSource();
        var clock = new Stopwatch();
        var runner = new ReportingRunner(TimeSpan.FromSeconds(secondsOfAStep), count =>
        {
            if (count == 1)
                clock.Start();
            if (count == reports)
                Say("seconds", clock.Elapsed.TotalSeconds);
            if (Array.Exists(Moments, m => (int)(m * reports) == count))
                Say("heap", count, GC.GetTotalMemory(forceFullCollection: false));
        });
        List<IHost> hosts = [];
        for (int i = 0; i < Systems; i++)
            hosts.Add(await StartWorkersAsync(coordinator.Address, i, workers / Systems, runner));
        var answer = await coordinator.SubmitAsync(ScaleSweep.Spec, CancellationToken.None);
        if (answer.Refusal is { } refusal)
            throw new BenchmarkException(refusal);
        await foreach (var view in coordinator.WatchAsync(ScaleSweep.Id, CancellationToken.None))
        {
            if (view.HasEnded)
                break;
        }

        Say("memory", Process.GetCurrentProcess().PeakWorkingSet64);
        Say("all", [.. times.Milliseconds]);
        Say("decisions", [.. times.MillisecondsOf(nameof(MetricsReported))]);
        foreach (var host in hosts)
            await host.StopAsync();
    }

    private static async Task<IHost> StartWorkersAsync(string coordinator, int number, int count, ReportingRunner runner)
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

        WorkerSettings SettingsOf(int i) => new(new WorkerId($"worker-{number}-{i}"), Guid.NewGuid(), [coordinator], "cpu", "127.0.0.1", 1);
    }

    private static void Say(string name, params double[] numbers)
    {
        lock (Moments)
            Console.WriteLine($"{name} {string.Join(' ', numbers.Select(n => n.ToString("R", CultureInfo.InvariantCulture)))}");
    }
}
