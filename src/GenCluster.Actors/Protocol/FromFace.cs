using GenCluster.Core.Sweeps;
using MessagePack;

namespace GenCluster.Actors.Protocol;

/// <summary>
/// What faces (command, API) say to the coordinator, from whatever node they are on. Each may be said again: what was
/// heard before changes nothing and is answered the same.
/// </summary>
public static class FromFace
{
    /// <summary>Is there a coordinator that rules? Answered by <see cref="ToFace.Ruling"/>.</summary>
    [MessagePackObject]
    public sealed record Hail : IWire
    {
        public static readonly Hail Instance = new();
    }

    /// <summary>Take this sweep, or go on with the same one. Answered by <see cref="ToFace.Submitted"/>.</summary>
    [MessagePackObject]
    public sealed record Submit([property: Key(0)] SweepSpec Spec) : IWire;

    /// <summary>Place no more work and relieve all workers. Answered by <see cref="ToFace.Drained"/> when they are.</summary>
    [MessagePackObject]
    public sealed record DrainAll : IWire
    {
        public static readonly DrainAll Instance = new();
    }
}
