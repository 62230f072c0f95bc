using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Memory;

namespace GenCluster.Collectives.Hellos;

/// <summary>The kind of a message that opens a connection. The numbers are the wire's and never change.</summary>
internal enum HelloKind : byte
{
    Hello = 1,
    Welcome = 2,
    Proof = 3,
    Ready = 4,
    Refused = 5,
}

/// <summary>The element type of the payloads.</summary>
internal enum DataType : byte
{
    Float32 = 1,
}

/// <summary>What a connection is for. The numbers are the wire's and never change.</summary>
internal enum HelloPurpose : byte
{
    /// <summary>Sums of a gang.</summary>
    Gang = 1,

    /// <summary>A state that is handed over.</summary>
    Feed = 2,
}

/// <summary>The transports that a side is ready to use. The bits are the wire's and never change.</summary>
[Flags]
internal enum TransportSet : byte
{
    None = 0,
    SharedMemory = 1,
    Unix = 2,
    Tcp = 4,
}

/// <summary>What a side offers the other.</summary>
/// <param name="Host">The kernel that it runs under.</param>
/// <param name="Transports">What it is ready to use.</param>
/// <param name="Memory">Its memory, for a peer on the same host.</param>
internal sealed record HelloOffer(Guid Host, TransportSet Transports, MemoryOffer Memory);

/// <summary>
/// The messages that open a connection, in this order: the dialer says <see cref="Hello"/>, the listener
/// <see cref="Welcome"/>, the dialer <see cref="Proof"/>, the listener <see cref="Ready"/>. Both prove that they know the
/// secret with an HMAC over what was said so far. Instead of its next message the listener may say <see cref="Refused"/>.
/// </summary>
internal abstract record HelloMessage
{
    /// <param name="From">The dialer's number in the gang.</param>
    /// <param name="To">The listener's number in the gang.</param>
    /// <param name="Digest">SHA-256 of what both must have alike: the plan, or the state that a feed is about.</param>
    /// <param name="Nonce">The dialer's challenge.</param>
    public sealed record Hello(
        HelloPurpose Purpose, string Trial, long Epoch, int From, int To, DataType DataType, ReadOnlyMemory<byte> Digest, ReadOnlyMemory<byte> Nonce,
        HelloOffer Offer) : HelloMessage;

    /// <param name="Nonce">The listener's challenge.</param>
    /// <param name="SentAt">The listener's clock.</param>
    /// <param name="Mac">The listener's proof.</param>
    public sealed record Welcome(ReadOnlyMemory<byte> Nonce, HelloOffer Offer, long SentAt, ReadOnlyMemory<byte> Mac) : HelloMessage;

    /// <param name="Transport">What the dialer chose from both offers.</param>
    /// <param name="SentAt">The dialer's clock.</param>
    /// <param name="Mac">The dialer's proof.</param>
    public sealed record Proof(Transport Transport, long SentAt, ReadOnlyMemory<byte> Mac) : HelloMessage;

    /// <param name="Transport">What it is in the end: TCP if the listener cannot map the dialer's memory.</param>
    /// <param name="SentAt">The listener's clock.</param>
    public sealed record Ready(Transport Transport, long SentAt) : HelloMessage;

    public sealed record Refused(HelloRefusal Reason) : HelloMessage;
}
