using System.Diagnostics;
using GenCluster.Actors.Persistence;
using GenCluster.Benchmarks.Systems;
using GenCluster.Core.Trials;
using GenCluster.Server;
using Microsoft.Extensions.Hosting;

namespace GenCluster.Benchmarks.Scale;

/// <summary>
/// A coordinator and its thousand workers in this process. Says <see cref="Numbers"/>.
/// <code>
/// scale CONNECTION-STRING SECONDS-OF-A-STEP
/// </code>
/// </summary>
internal static class ScaleHost
{
    public const string Role = "scale";

    private const int Connections = 10;
    private static readonly double[] Moments = [0.25, 1];

    public static async Task RunAsync(string database, double secondsOfAStep)
    {
        const int workers = ScaleSweep.Gangs * ScaleSweep.Members, reports = ScaleSweep.Gangs * ScaleSweep.Steps;
        var journal = new JournalDatabase.Postgres(database);
        journal.Migrate();
        using var times = new DecisionTimes();
        await using var coordinator = (CoordinatorHost)await CoordinatorHost.StartAsync(
            new CoordinatorOptions { Journal = journal, HasReadModel = true, ExpectedWorkers = workers, SettleTime = TimeSpan.FromMinutes(2) }, CancellationToken.None);
        var clock = new Stopwatch();
        var runner = new ReportingRunner(TimeSpan.FromSeconds(secondsOfAStep), count =>
        {
            if (count == 1)
                clock.Start();
            if (count == reports)
                Numbers.Say("seconds", clock.Elapsed.TotalSeconds);
            if (Array.Exists(Moments, m => (int)(m * reports) == count))
                Numbers.Say("heap", count, GC.GetTotalMemory(forceFullCollection: false));
        });
        List<IHost> hosts = [];
        for (int i = 0; i < Connections; i++)
            hosts.Add(await WorkerHosts.StartAsync(coordinator.Address, $"worker-{i}", workers / Connections, runner));
        var answer = await coordinator.SubmitAsync(ScaleSweep.Spec, CancellationToken.None);
        if (answer.Refusal is { } refusal)
            throw new BenchmarkException(refusal);
        await foreach (var view in coordinator.WatchAsync(ScaleSweep.Id, CancellationToken.None))
        {
            if (view.HasEnded)
                break;
        }

        Numbers.Say("memory", Process.GetCurrentProcess().PeakWorkingSet64);
        Numbers.Say("all", [.. times.Milliseconds]);
        Numbers.Say("decisions", [.. times.MillisecondsOf(nameof(MetricsReported))]);
        foreach (var host in hosts)
            await host.StopAsync();
    }
}
