using GenCluster.Core.Identity;
using MessagePack;

namespace GenCluster.Actors.Protocol;

/// <summary>What the coordinator answers to faces.</summary>
public static class ToFace
{
    /// <summary>A coordinator rules.</summary>
    /// <param name="Epoch">How many took office so far, this one included.</param>
    [MessagePackObject]
    public sealed record Ruling([property: Key(0)] long Epoch) : IWire;

    /// <summary>The sweep is in the journal, or was refused.</summary>
    /// <param name="Refusal">Why it was refused, for people; null when it was taken.</param>
    /// <param name="Known">Whether there was a sweep of this name before.</param>
    [MessagePackObject]
    public sealed record Submitted([property: Key(0)] string? Refusal, [property: Key(1)] bool Known) : IWire;

    /// <summary>What was asked is in the journal, or was so already, or was refused.</summary>
    /// <param name="Refusal">Why it was refused, for people; null when it was done.</param>
    [MessagePackObject]
    public sealed record Controlled([property: Key(0)] string? Refusal) : IWire;

    /// <summary>The sweep goes on with the specification, or it was refused.</summary>
    /// <param name="Refusal">Why it was refused, for people; null when it was taken.</param>
    /// <param name="Version">Of the specification that is in force now; 0 when there is no such sweep.</param>
    [MessagePackObject]
    public sealed record Edited([property: Key(0)] string? Refusal, [property: Key(1)] int Version) : IWire;

    /// <summary>What the coordinator knows of a trial's wish for workers at this moment.</summary>
    /// <param name="Standing">Whether it asks for a gang, or has one.</param>
    /// <param name="Reason">Why it has none, in words that follow "waits:"; null when it does not ask.</param>
    /// <param name="Needs">What it asked for; null when it does not ask.</param>
    /// <param name="Gang">Who works on it, by name.</param>
    /// <param name="Workers">All workers that the coordinator knows.</param>
    /// <param name="Free">Those of them that work on nothing.</param>
    [MessagePackObject]
    public sealed record Explained(
        [property: Key(0)] Standing Standing,
        [property: Key(1)] string? Reason,
        [property: Key(2)] Needs? Needs,
        [property: Key(3)] WorkerId[] Gang,
        [property: Key(4)] int Workers,
        [property: Key(5)] int Free) : IWire
    {
        public bool Equals(Explained? other) =>
            other is not null && (Standing, Reason, Needs, Workers, Free).Equals((other.Standing, other.Reason, other.Needs, other.Workers, other.Free))
            && Gang.AsSpan().SequenceEqual(other.Gang);

        public override int GetHashCode() => HashCode.Combine(Standing, Reason, Needs, Gang.Length);
    }

    /// <summary>Where a trial is with its wish for workers. On the wire: never renumber.</summary>
    public enum Standing
    {
        /// <summary>It asks for no workers: it has ended, is paused, or waits before it is tried again. Or there is no such trial.</summary>
        AsksForNone = 0,
        Waits = 1,
        HasGang = 2,
    }

    /// <summary>What a trial needs to run.</summary>
    /// <param name="MinWorkers">All of these at once, or none.</param>
    /// <param name="Device"><c>auto</c>, <c>cpu</c> or <c>cuda</c>.</param>
    /// <param name="Memory">Bytes of its device's memory that each worker needs; 0: not said.</param>
    [MessagePackObject]
    public sealed record Needs(
        [property: Key(0)] int MinWorkers,
        [property: Key(1)] int MaxWorkers,
        [property: Key(2)] string Device,
        [property: Key(3)] long Memory,
        [property: Key(4)] int Priority,
        [property: Key(5)] string Project);

    /// <summary>No worker has a run any more.</summary>
    [MessagePackObject]
    public sealed record Drained : IWire
    {
        public static readonly Drained Instance = new();
    }
}
