using System.Collections.Immutable;
using GenCluster.Collectives.Hellos;

namespace GenCluster.Collectives.Gangs;

/// <summary>Why a gang ended.</summary>
public enum GangBreak
{
    /// <summary>A peer's connection closed.</summary>
    PeerLost,

    /// <summary>No peer moved a byte for <see cref="GangOptions.Deadline"/>, or a peer could not be reached in <see cref="GangOptions.JoinDeadline"/>.</summary>
    Deadline,

    /// <summary>This process ended it.</summary>
    Aborted,

    /// <summary>A peer sent what the plan does not allow.</summary>
    Protocol,

    /// <summary>A peer is at another position, phase or bucket.</summary>
    OutOfPlace,

    /// <summary>A peer did not let this member in, see <see cref="GangBrokenException.Refusal"/>.</summary>
    Refused,
}

/// <summary>The one way in which a gang fails.</summary>
public sealed class GangBrokenException : Exception
{
    internal GangBrokenException(int member, int? peer, GangBreak reason, string message, Exception? inner = null)
        : base($"member {member}: {message}", inner)
    {
        Member = member;
        Peer = peer;
        Reason = reason;
    }

    /// <summary>A gang that is dead says again why: each throw has its own stack.</summary>
    internal GangBrokenException(GangBrokenException first)
        : base(first.Message, first.InnerException ?? first)
    {
        Member = first.Member;
        Peer = first.Peer;
        Reason = first.Reason;
        WaitedFor = first.WaitedFor;
        Log = first.Log;
    }

    /// <summary>The member that throws.</summary>
    public int Member { get; }

    /// <summary>The member that it waited for or that did it, where one is known.</summary>
    public int? Peer { get; }

    /// <summary>What happened.</summary>
    public GangBreak Reason { get; }

    /// <summary>The members whose part of the sum was still missing when it broke.</summary>
    public ImmutableArray<int> WaitedFor { get; init; } = [];

    /// <summary>What the gang did last, for a file; nothing if it broke while joining.</summary>
    public CollectiveLog? Log { get; init; }

    /// <summary>The peer's answer where <see cref="Reason"/> is <see cref="GangBreak.Refused"/>.</summary>
    public HelloRefusal? Refusal { get; init; }
}
