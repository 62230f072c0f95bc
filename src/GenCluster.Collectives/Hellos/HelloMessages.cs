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

/// <summary>
/// The messages that open a connection, in this order: the dialer says <see cref="Hello"/>, the listener
/// <see cref="Welcome"/>, the dialer <see cref="Proof"/>, the listener <see cref="Ready"/>. Both prove that they know the
/// secret with an HMAC over both nonces. Instead of its next message the listener may say <see cref="Refused"/>.
/// </summary>
internal abstract record HelloMessage
{
    /// <param name="From">The dialer's number in the gang.</param>
    /// <param name="To">The listener's number in the gang.</param>
    /// <param name="PlanHash">SHA-256 of the plan.</param>
    /// <param name="Nonce">The dialer's challenge.</param>
    public sealed record Hello(
        string Trial, long Epoch, int From, int To, DataType DataType, ReadOnlyMemory<byte> PlanHash, ReadOnlyMemory<byte> Nonce) : HelloMessage;

    /// <param name="Nonce">The listener's challenge.</param>
    /// <param name="Mac">The listener's proof.</param>
    public sealed record Welcome(ReadOnlyMemory<byte> Nonce, ReadOnlyMemory<byte> Mac) : HelloMessage;

    /// <param name="Mac">The dialer's proof.</param>
    public sealed record Proof(ReadOnlyMemory<byte> Mac) : HelloMessage;

    public sealed record Ready : HelloMessage;

    public sealed record Refused(HelloRefusal Reason) : HelloMessage;
}
