using System.Globalization;
using GenCluster.Actors.Persistence;
using GenCluster.Benchmarks.Measuring;
using GenCluster.Benchmarks.Systems;

namespace GenCluster.Benchmarks.Scale;

/// <summary>
/// A thousand workers in two hundred gangs, whose leaders report ten thousand times in a minute, on a real PostgreSQL that waits for
/// its disk: how long decisions take, what stays in memory, and how the journal grows.
/// </summary>
internal sealed class ScaleBenchmark(TextWriter progress)
{
    private const double SecondsOfAStep = 1.2, Latency = 50, MostBytesOfAReport = 2_000;
    private const int Reports = ScaleSweep.Gangs * ScaleSweep.Steps;

    public async Task<Report> RunAsync(IReadOnlyList<string> machine, CancellationToken cancellation)
    {
        await using var server = await PostgresCluster.StartAsync();
        progress.WriteLine($"{ScaleSweep.Gangs * ScaleSweep.Members} workers, {Reports} reports");
        var (_, said) = await Numbers.OfAsync([ScaleHost.Role, server.ConnectionString, SecondsOfAStep.ToString(CultureInfo.InvariantCulture)], alsoEnds: 0, cancellation);
        double bytes = Bytes(server.ConnectionString);
        double[] decisions = said["decisions"].Single();
        double[][] heap = [.. said["heap"]];
        double seconds = said["seconds"].Single()[0], p99 = Distribution.Quantile(decisions, 0.99);

        var table = new Table("A decision: from when it is made until it is in the journal and answered.", "", "");
        table.Add("reports a minute", Distribution.Digits(Reports / seconds * 60));
        table.Add("a decision on a report, ms, median (p10-p90)", $"{Distribution.Of(decisions)}");
        table.Add("... p99, ms", Distribution.Digits(p99));
        table.Add("... the longest, ms", Distribution.Digits(decisions.Max()));
        table.Add("p99 of all decisions, ms: 200 trials and their leases are decided in one moment at the start", Distribution.Digits(Distribution.Quantile(said["all"].Single(), 0.99)));
        table.Add("managed memory after a quarter of the reports, MB", Distribution.Digits(heap[0][1] / 1e6));
        table.Add("... after all of them, MB", Distribution.Digits(heap[^1][1] / 1e6));
        table.Add("resident memory at most, workers included, MB", Distribution.Digits(said["memory"].Single()[0] / 1e6));
        table.Add("the journal's growth, bytes of an event with its indexes", Distribution.Digits(bytes));
        return new Report(
            "scale",
            [.. machine, $"PostgreSQL with fsync on this machine, read model, one face that watches; {ScaleSweep.Gangs} gangs of {ScaleSweep.Members} workers in the coordinator's process, over the loopback"],
            [table],
            [
                new Figure.AtLeast("scale/reports-per-minute/of-10000", Reports / seconds * 60 / 10_000, 0.95),
                new Figure.AtMost("scale/decision-p99/of-50ms", p99 / Latency, 1),
                new Figure.AtMost("scale/heap-of-a-report/of-2KB", (heap[^1][1] - heap[0][1]) / (heap[^1][0] - heap[0][0]) / MostBytesOfAReport, 1),
            ]);
    }

    private static double Bytes(string database)
    {
        using var connection = new JournalDatabase.Postgres(database).Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT pg_total_relation_size('journal')::float8 / count(*) FROM journal";
        return (double)command.ExecuteScalar()!;
    }
}
