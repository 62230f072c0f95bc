using System.Diagnostics;
using GenCluster.Core.Training;

namespace GenCluster.Training.Loop;

/// <summary>Where a member's time goes: to its shards, or to waiting for the others. Readings for people, no part of any result.</summary>
public sealed class StepClock
{
    private long since;
    private long computed;
    private long waited;
    private int shards;

    /// <summary>Seconds for one shard of one update, on average since the last call, and all seconds that were waited.</summary>
    public (double PerShard, double Waited) Take()
    {
        var reading = (shards == 0 ? 0 : Seconds(computed) / shards, Seconds(waited));
        (computed, waited, shards) = (0, 0, 0);
        return reading;
    }

    /// <summary>Is told when this member begins to wait for others, and when it has ended.</summary>
    internal RunPulse? Pulse { get; set; }

    internal void Computes() => since = Stopwatch.GetTimestamp();

    internal void Waits(int count)
    {
        computed += Lap();
        shards += count;
        Pulse?.Rest();
    }

    internal void Applies()
    {
        waited += Lap();
        Pulse?.Work();
    }

    private static double Seconds(long ticks) => (double)ticks / Stopwatch.Frequency;

    private long Lap()
    {
        long now = Stopwatch.GetTimestamp(), lap = now - since;
        since = now;
        return lap;
    }
}
