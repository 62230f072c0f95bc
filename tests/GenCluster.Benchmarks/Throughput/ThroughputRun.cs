using GenCluster.Benchmarks.Systems;

namespace GenCluster.Benchmarks.Throughput;

/// <summary>One process of the whole system, from its start to its end, and what it said.</summary>
/// <param name="IsOver">Whether the sweep came to its end; else the process was killed before.</param>
internal sealed record ThroughputRun(bool IsOver, ILookup<string, double[]> Said)
{
    private const int Killed = 128 + 9;

    public double Seconds => Said["seconds"].Single()[0];

    /// <summary>From the start of the process's coordinator to the first trial.</summary>
    public double SecondsToBegin => Said["began"].Single()[0];

    public double[] Pauses => Said["pauses"].Single();

    /// <summary>Milliseconds that decisions took.</summary>
    public double[] Decisions => Said["decisions"].Single();

    /// <summary>Bytes in use, by the number of trials that had ended.</summary>
    public IEnumerable<(int Trials, double Bytes)> Heap => Said["heap"].Select(h => ((int)h[0], h[1]));

    /// <param name="eventsToLive">It is killed when it has written so many; 0: it is not.</param>
    /// <param name="weighs">Whether the heap is looked at now and then, for which all stand still.</param>
    public static async Task<ThroughputRun> OnceAsync(string journal, int trials, int eventsToLive, CancellationToken cancellation, bool weighs = false)
    {
        var (code, said) = await Numbers.OfAsync([ThroughputHost.Role, journal, $"{trials}", $"{eventsToLive}", $"{weighs}"], Killed, cancellation);
        return new ThroughputRun(code == 0, said);
    }
}
