using System.Net.Sockets;
using System.Security.Cryptography;
using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Links;
using GenCluster.Collectives.Memory;
using GenCluster.Collectives.Native;

namespace GenCluster.Collectives.Hellos;

/// <summary>Both sides of the hello. Each ends with a proven peer and its terms, or with a <see cref="ProtocolException"/>.</summary>
internal static class Handshake
{
    /// <summary>The dialer's side.</summary>
    public static async Task<PeerTerms> OfferAsync(Wire wire, IHelloParty party, HelloMessage.Hello claims, CancellationToken cancellation)
    {
        ReadOnlyMemory<byte> hello = HelloCodec.Write(claims);
        await TrySendAsync(wire, hello, cancellation);

        var welcome = await ExpectAsync<HelloMessage.Welcome>(wire, cancellation);
        if (!HelloProof.Equal(welcome.Mac, HelloProof.OfListener(party.Secret, hello, welcome.Nonce, welcome.Offer)))
        {
            throw new ProtocolException(HelloRefusal.Secret, $"whoever listens as {party.NameOf(claims.To)} does not know the secret");
        }

        var (transport, memory) = party.Choose(claims.Offer, welcome.Offer, wire.IsUnix);
        try
        {
            var sentAt = Clock.Now;
            await HelloStream.SendAsync(
                wire, new HelloMessage.Proof(transport, sentAt, HelloProof.OfDialer(party.Secret, hello, welcome, transport)), cancellation);
            var ready = await ExpectAsync<HelloMessage.Ready>(wire, cancellation);
            var terms = Terms(claims.To, ready.Transport, memory, claims.Offer, welcome.Offer, ready.SentAt, sentAt);
            return Agrees(ready.Transport, transport, claims.Offer, welcome.Offer)
                ? terms
                : throw ProtocolException.Malformed($"transport {ready.Transport} was answered where {transport} was chosen");
        }
        catch
        {
            memory?.Dispose();
            throw;
        }
    }

    /// <summary>The listener's side, once the hello is read and its claims are checked. What is left to send is <see cref="HelloMessage.Ready"/>.</summary>
    public static async Task<PeerTerms> AnswerAsync(
        Wire wire, IHelloParty party, HelloMessage.Hello hello, ReadOnlyMemory<byte> helloBytes, CancellationToken cancellation)
    {
        var nonce = NewNonce();
        var sentAt = Clock.Now;
        var welcome = new HelloMessage.Welcome(nonce, party.Offer, sentAt, HelloProof.OfListener(party.Secret, helloBytes, nonce, party.Offer));
        await HelloStream.SendAsync(wire, welcome, cancellation);

        var proof = await ExpectAsync<HelloMessage.Proof>(wire, cancellation);
        if (!HelloProof.Equal(proof.Mac, HelloProof.OfDialer(party.Secret, helloBytes, welcome, proof.Transport)))
        {
            throw new ProtocolException(HelloRefusal.Secret, $"whoever dialled as {party.NameOf(hello.From)} does not know the secret");
        }

        // Where the dialer could not map this side's memory, this one need not map the dialer's.
        var theirs = proof.Transport == Transport.SharedMemory ? hello.Offer : hello.Offer with { Memory = MemoryOffer.None };
        var (transport, memory) = party.Choose(party.Offer, theirs, wire.IsUnix);
        return Terms(hello.From, transport, memory, party.Offer, hello.Offer, proof.SentAt, sentAt);
    }

    /// <summary>Reads the message that must come now.</summary>
    public static async Task<T> ExpectAsync<T>(Wire wire, CancellationToken cancellation)
        where T : HelloMessage
    {
        return HelloCodec.Read(await HelloStream.ReceiveAsync(wire, cancellation)) switch
        {
            T message => message,
            HelloMessage.Refused refused => throw new ProtocolException(refused.Reason, $"the peer refused the hello: {refused.Reason}"),
            var other => throw ProtocolException.Malformed($"a {other.GetType().Name} message came where {typeof(T).Name} must"),
        };
    }

    /// <summary>A side that refuses this one's certificate may be gone already, and why is to be read.</summary>
    private static async Task TrySendAsync(Wire wire, ReadOnlyMemory<byte> hello, CancellationToken cancellation)
    {
        try
        {
            await HelloStream.SendAsync(wire, hello, cancellation);
        }
        catch (SocketException)
        {
            // The read that follows says it.
        }
    }

    public static byte[] NewNonce() => RandomNumberGenerator.GetBytes(HelloCodec.DigestSize);

    private static PeerTerms Terms(
        int peer, Transport transport, PeerMemory? memory, HelloOffer own, HelloOffer other, long theirClock, long askedAt)
    {
        var sameHost = transport == Transport.Unix || own.Host == other.Host;
        var offset = sameHost ? 0 : theirClock - ((askedAt + Clock.Now) / 2);
        if (transport != Transport.SharedMemory)
        {
            memory?.Dispose();
            memory = null;
        }

        return new PeerTerms(peer, transport, sameHost, offset, memory);
    }

    /// <summary>The listener may fall back from shared memory to the connection, if both are ready to use that.</summary>
    private static bool Agrees(Transport answered, Transport chosen, HelloOffer own, HelloOffer other) =>
        answered == chosen
        || (answered == Transport.Tcp && chosen == Transport.SharedMemory && (own.Transports & other.Transports).HasFlag(TransportSet.Tcp));
}
