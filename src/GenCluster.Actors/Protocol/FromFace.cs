using GenCluster.Core.Identity;
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
    /// <param name="By">Who submits it, for the record; empty: the command that hosts the coordinator, or a node of an earlier release.</param>
    [MessagePackObject]
    public sealed record Submit([property: Key(0)] SweepSpec Spec, string By = "") : IWire
    {
        // A message of an earlier release has none, which is read as null.
        [Key(1)]
        public string By { get; init; } = By ?? "";
    }

    /// <summary>Do this to the sweep, or to one of its trials. Answered by <see cref="ToFace.Controlled"/> when it is in the journal.</summary>
    /// <param name="Trial">Null: the sweep.</param>
    /// <param name="By">Who asks, for the record.</param>
    [MessagePackObject]
    public sealed record Control(
        [property: Key(0)] SweepId Sweep, [property: Key(1)] int? Trial, [property: Key(2)] Verb Verb, [property: Key(3)] string By) : IWire;

    /// <summary>Go on with this specification of the sweep. Answered by <see cref="ToFace.Edited"/> when it is in the journal.</summary>
    /// <param name="Version">Of the specification that was changed into this one.</param>
    /// <param name="By">Who asks, for the record.</param>
    [MessagePackObject]
    public sealed record Edit(
        [property: Key(0)] SweepId Sweep, [property: Key(1)] int Version, [property: Key(2)] SweepSpec Spec, [property: Key(3)] string By) : IWire;

    /// <summary>Why does the trial have a gang, or none? Answered by <see cref="ToFace.Explained"/>.</summary>
    [MessagePackObject]
    public sealed record Explain([property: Key(0)] SweepId Sweep, [property: Key(1)] int Trial) : IWire;

    /// <summary>Place no more work and relieve all workers. Answered by <see cref="ToFace.Drained"/> when they are.</summary>
    [MessagePackObject]
    public sealed record DrainAll : IWire
    {
        public static readonly DrainAll Instance = new();
    }
}
