using GenCluster.Collectives.Hellos;

namespace GenCluster.Collectives.Feeds;

/// <summary>Why a feed ended.</summary>
public enum FeedBreak
{
    /// <summary>The other end closed its connection; between two messages that is how a feed ends.</summary>
    Closed,

    /// <summary>No byte moved for <see cref="Gangs.GangOptions.Deadline"/>, or nobody offered the state within <see cref="Gangs.GangOptions.JoinDeadline"/>.</summary>
    Deadline,

    /// <summary>This process ended it.</summary>
    Aborted,

    /// <summary>The other end sent what it must not.</summary>
    Protocol,

    /// <summary>The other end did not let this one in, see <see cref="FeedBrokenException.Refusal"/>.</summary>
    Refused,
}

/// <summary>The one way in which a feed fails.</summary>
public sealed class FeedBrokenException : Exception
{
    internal FeedBrokenException(FeedBreak reason, string message, Exception? inner = null)
        : base(message, inner)
    {
        Reason = reason;
    }

    /// <summary>What happened.</summary>
    public FeedBreak Reason { get; }

    /// <summary>The other end's answer where <see cref="Reason"/> is <see cref="FeedBreak.Refused"/>.</summary>
    public HelloRefusal? Refusal { get; init; }
}
