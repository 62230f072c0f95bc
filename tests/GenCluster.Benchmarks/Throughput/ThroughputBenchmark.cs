using GenCluster.Actors.Persistence;
using GenCluster.Benchmarks.Measuring;
using GenCluster.Core.Search;

namespace GenCluster.Benchmarks.Throughput;

/// <summary>
/// Ten thousand trials that cost nothing through the whole system: how many a second, how long a worker waits for the next one,
/// and what each leaves in memory. Then the same sweep, killed with all its workers at random events, and its table compared.
/// </summary>
internal sealed class ThroughputBenchmark(int trials, int kills, TextWriter progress)
{
    private const double PerSecond = 500, Latency = 50, RecordOfATrial = 2_000;
    private const int EventsOfATrial = 6;
    private const int WarmUp = 2_000; // pauses of a process that is still compiling
    private const ulong Seed = 5;

    public async Task<Report> RunAsync(IReadOnlyList<string> machine, CancellationToken cancellation)
    {
        string folder = Directory.CreateTempSubdirectory("throughput-").FullName;
        string undisturbed = Path.Combine(folder, "undisturbed.db"), killed = Path.Combine(folder, "killed.db");
        progress.WriteLine($"{trials} trials");
        var run = await ThroughputRun.OnceAsync(undisturbed, trials, 0, cancellation);
        progress.WriteLine("the same, looking at the heap");
        var heap = (await ThroughputRun.OnceAsync(Path.Combine(folder, "weighed.db"), trials, 0, cancellation, weighs: true)).Heap.ToArray();
        var table = ThroughputSweep.TableOf(new JournalDatabase.Sqlite(undisturbed));
        List<double> starts = [];
        foreach (int events in Lives())
        {
            progress.WriteLine($"the same, killed after {events} events");
            starts.AddRange((await ThroughputRun.OnceAsync(killed, trials, events, cancellation)).Said["began"].Select(b => b[0]));
        }

        if (kills > 0)
            await ThroughputRun.OnceAsync(killed, trials, 0, cancellation);
        int same = kills == 0 ? trials : ThroughputSweep.TableOf(new JournalDatabase.Sqlite(killed)).Zip(table, (line, other) => line == other).Count(isSame => isSame);
        return new Report(
            "throughput",
            [
                .. machine,
                $"{trials} trials of one step, {ThroughputSweep.Parallel} workers in the coordinator's process over the loopback, SQLite journal with synchronous=FULL, read model, one face that watches; {kills} kills of the whole process",
            ],
            [TableOf(run, starts), HeapOf(heap)],
            [
                new Figure.AtLeast("throughput/trials-per-second/of-500", trials / run.Seconds / PerSecond, 1),
                new Figure.AtMost("throughput/decision-p99/of-50ms", Distribution.Quantile(run.Decisions, 0.99) / Latency, 1),
                new Figure.AtMost("throughput/pause-p99/of-50ms", Distribution.Quantile(run.Pauses.Skip(WarmUp), 0.99) / Latency, 1),
                new Figure.AtMost("throughput/heap-of-a-trial/of-2KB", (heap[^1].Bytes - heap[0].Bytes) / (heap[^1].Trials - heap[0].Trials) / RecordOfATrial, 1),
                new Figure.AtLeast("throughput/killed/same-lines", same / (double)trials, 1),
            ]);
    }

    /// <summary>How many events each process writes that is killed: from one random place in the sweep's events to the next.</summary>
    private IEnumerable<int> Lives()
    {
        var stream = new SearchRandom(Seed).For(1);
        int[] places = [.. Enumerable.Range(0, kills).Select(_ => 1 + stream.NextInt(trials * EventsOfATrial)).Order()];
        return places.Select((place, i) => Math.Max(1, place - (i == 0 ? 0 : places[i - 1])));
    }

    private Table TableOf(ThroughputRun run, List<double> starts)
    {
        var table = new Table("A decision: from when it is made until it is in the journal and answered. A worker's pause: from the end of a trial's training until it trains the next one, several decisions later. Starts: from a process's coordinator to its first trial.", "", "median (p10-p90)", "p99", "longest");
        table.Add("decision, ms", $"{Distribution.Of(run.Decisions)}", Distribution.Digits(Distribution.Quantile(run.Decisions, 0.99)), Distribution.Digits(run.Decisions.Max()));
        table.Add("pause, ms", $"{Distribution.Of(run.Pauses)}", Distribution.Digits(Distribution.Quantile(run.Pauses, 0.99)), Distribution.Digits(run.Pauses.Max()));
        var warm = run.Pauses.Skip(WarmUp).ToArray();
        table.Add($"... after the first {WarmUp}", $"{Distribution.Of(warm)}", Distribution.Digits(Distribution.Quantile(warm, 0.99)), Distribution.Digits(warm.Max()));
        if (starts.Count > 0)
            table.Add("start after a kill, s", $"{Distribution.Of(starts)}", Distribution.Digits(Distribution.Quantile(starts, 0.99)), Distribution.Digits(starts.Max()));
        table.Add("trials a second", Distribution.Digits(trials / run.Seconds), "", "");
        return table;
    }

    private static Table HeapOf(IEnumerable<(int Trials, double Bytes)> heap)
    {
        var table = new Table("Managed memory in use after a full collection.", "trials that ended", "MB");
        foreach (var (ended, bytes) in heap)
            table.Add($"{ended}", $"{bytes / 1e6:F1}");
        return table;
    }
}
