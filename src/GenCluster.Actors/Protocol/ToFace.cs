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

    /// <summary>No worker has a run any more.</summary>
    [MessagePackObject]
    public sealed record Drained : IWire
    {
        public static readonly Drained Instance = new();
    }
}
