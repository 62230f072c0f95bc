using System.Diagnostics;
using GenCluster.Actors.Persistence;
using GenCluster.Benchmarks.Systems;
using GenCluster.Server;
using Microsoft.Extensions.Hosting;

namespace GenCluster.Benchmarks.Throughput;

/// <summary>
/// The whole system in this process, once: a coordinator with its journal, its read model and a face that watches, and workers
/// that talk to it over the loopback. Says <see cref="Numbers"/>.
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
                Numbers.Say("heap", count, GC.GetTotalMemory(forceFullCollection: true));
        });
        using var workers = await WorkerHosts.StartAsync(coordinator.Address, "worker", ThroughputSweep.Parallel, runner);
        var answer = await coordinator.SubmitAsync(ThroughputSweep.Spec(trials), CancellationToken.None);
        if (answer.Refusal is { } refusal)
            throw new BenchmarkException(refusal);
        await first.Task;
        Numbers.Say("began", clock.Elapsed.TotalSeconds);
        clock.Restart();
        await foreach (var view in coordinator.WatchAsync(ThroughputSweep.Id, CancellationToken.None))
        {
            if (view.HasEnded)
                break;
        }

        Numbers.Say("seconds", clock.Elapsed.TotalSeconds);
        Numbers.Say("pauses", [.. runner.Pauses]);
        Numbers.Say("decisions", [.. times?.Milliseconds ?? []]);
        await workers.StopAsync();
    }
}
