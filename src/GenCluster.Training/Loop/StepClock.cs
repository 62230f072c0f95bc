using System.Diagnostics;
using GenCluster.Collectives.Gangs;
using GenCluster.Core.Training;
using GenCluster.Training.Metering;

namespace GenCluster.Training.Loop;

/// <summary>Where a member's time goes, phase by phase, and what it has seen on the way. Readings for people, no part of any result.</summary>
public sealed class StepClock
{
    private readonly long[] laps = new long[Enum.GetValues<StepPhase>().Length];
    private readonly List<(string Network, double Norm)> norms = [];
    private StepPhase current;
    private bool runs;
    private long at; // since when it is in the current phase
    private long since; // it began to compute
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

    /// <summary>Takes the times of sums as they come about, and others when asked to.</summary>
    internal TrainingMeters Meters { get; set; } = TrainingMeters.None;

    /// <summary>Whether the norms of gradients are wanted: they cost a look at all of them.</summary>
    internal bool WantsNorms { get; set; }

    /// <summary>Norms of networks' gradients since the last <see cref="Clear"/>.</summary>
    internal IReadOnlyList<(string Network, double Norm)> Norms => norms;

    /// <summary>Samples that gradients were computed of since the last <see cref="Clear"/>.</summary>
    internal int Samples { get; private set; }

    internal static double Seconds(long ticks) => (double)ticks / Stopwatch.Frequency;

    /// <summary>Seconds in a phase since the last <see cref="Clear"/>.</summary>
    internal double SecondsIn(StepPhase phase) => Seconds(laps[(int)phase]);

    /// <summary>What was read is of the past.</summary>
    internal void Clear()
    {
        Array.Clear(laps);
        norms.Clear();
        Samples = 0;
    }

    internal void Joined(IGang gang) => Meters.Join(gang);

    internal void Computes()
    {
        (current, runs) = (StepPhase.Data, true);
        since = at = Stopwatch.GetTimestamp();
    }

    internal void Enter(StepPhase phase)
    {
        long now = Stopwatch.GetTimestamp();
        if (runs)
            laps[(int)current] += now - at;
        (current, at) = (phase, now);
    }

    internal void Sees(int samples) => Samples += samples;

    internal void Sees(string network, double norm) => norms.Add((network, norm));

    internal void Waits(int count)
    {
        Enter(StepPhase.AllReduce);
        computed += at - since;
        shards += count;
        Meters.Waits(at);
        Pulse?.Rest();
    }

    internal void Applies()
    {
        long began = at;
        Enter(StepPhase.Optim);
        waited += at - began;
        Meters.Summed(at - began);
        Pulse?.Work();
    }

    /// <summary>The operation is over.</summary>
    internal void Ends()
    {
        Enter(current);
        runs = false;
    }

    /// <summary>The operation did not come about, and what was read of it says nothing.</summary>
    internal void Breaks()
    {
        runs = false;
        Clear();
        Meters.WaitsNoMore();
    }
}
