using System.Security.Cryptography.X509Certificates;

namespace GenCluster.Certificates;

/// <summary>Why a connection was refused before a word was said on it.</summary>
public enum PeerRefusal
{
    /// <summary>What came first was no TLS.</summary>
    NotTls,

    /// <summary>The peer showed no certificate.</summary>
    NoCertificate,

    /// <summary>None of our authorities vouches for the peer's certificate.</summary>
    UnknownAuthority,

    /// <summary>The peer's certificate, or one that vouches for it, has expired or is not valid yet.</summary>
    OutOfDate,

    /// <summary>The peer's certificate is not made for that end of a connection (extended key usage).</summary>
    WrongUse,

    /// <summary>The handshake was not over in time.</summary>
    TooSlow,

    /// <summary>The handshake failed otherwise: no version in common, or the peer refused this node, or it left.</summary>
    Failed,
}

/// <summary>A peer is not let in, or this node is not by the peer.</summary>
public sealed class PeerRefusedException(PeerRefusal reason, string message, Exception? inner = null) : IOException(message, inner)
{
    /// <summary>Why.</summary>
    public PeerRefusal Reason { get; } = reason;
}

/// <summary>What a chain's errors mean.</summary>
internal static class PeerRefusals
{
    private const X509ChainStatusFlags Untrusted = X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.NotSignatureValid;

    /// <summary>The gravest: a stranger's certificate stays a stranger's, be it expired or not.</summary>
    public static PeerRefusal Of(IReadOnlyCollection<X509ChainStatus> statuses)
    {
        var flags = statuses.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status);
        if ((flags & Untrusted) != 0)
            return PeerRefusal.UnknownAuthority;
        if ((flags & X509ChainStatusFlags.NotTimeValid) != 0)
            return PeerRefusal.OutOfDate;
        return (flags & X509ChainStatusFlags.NotValidForUsage) != 0 ? PeerRefusal.WrongUse : PeerRefusal.UnknownAuthority;
    }

    public static string Describe(IReadOnlyCollection<X509ChainStatus> statuses) => Of(statuses) switch
    {
        PeerRefusal.OutOfDate => "it has expired, or is not valid yet",
        PeerRefusal.WrongUse => "it is not made for this end of a connection (extended key usage)",
        _ => "none of the authorities in --tls-ca vouches for it",
    };
}
