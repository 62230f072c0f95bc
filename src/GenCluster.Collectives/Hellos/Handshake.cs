using System.Net.Sockets;
using System.Security.Cryptography;
using GenCluster.Collectives.Gangs;

namespace GenCluster.Collectives.Hellos;

/// <summary>Both sides of the hello. Each ends with a proven peer or with a <see cref="ProtocolException"/>.</summary>
internal static class Handshake
{
    /// <summary>The dialer's side.</summary>
    public static async Task OfferAsync(Socket socket, GangInvitation invitation, int peer, CancellationToken cancellation)
    {
        ReadOnlyMemory<byte> hello = HelloCodec.Write(new HelloMessage.Hello(
            invitation.Trial, invitation.Epoch, invitation.Member, peer, DataType.Float32, invitation.Plan.Hash.AsMemory(), NewNonce()));
        await HelloStream.SendAsync(socket, hello, cancellation);

        var welcome = await ExpectAsync<HelloMessage.Welcome>(socket, cancellation);
        if (!HelloProof.Equal(welcome.Mac, HelloProof.OfListener(invitation.Secret, hello, welcome.Nonce)))
        {
            throw new ProtocolException(HelloRefusal.Secret, $"whoever listens as member {peer} does not know the gang's secret");
        }

        await HelloStream.SendAsync(socket, new HelloMessage.Proof(HelloProof.OfDialer(invitation.Secret, hello, welcome.Nonce)), cancellation);
        await ExpectAsync<HelloMessage.Ready>(socket, cancellation);
    }

    /// <summary>The listener's side, once the hello is read: checks what it claims, then has it proven.</summary>
    public static async Task AnswerAsync(
        Socket socket, GangInvitation invitation, HelloMessage.Hello hello, ReadOnlyMemory<byte> helloBytes, CancellationToken cancellation)
    {
        Check(invitation, hello);
        var nonce = NewNonce();
        var welcome = new HelloMessage.Welcome(nonce, HelloProof.OfListener(invitation.Secret, helloBytes, nonce));
        await HelloStream.SendAsync(socket, welcome, cancellation);

        var proof = await ExpectAsync<HelloMessage.Proof>(socket, cancellation);
        if (!HelloProof.Equal(proof.Mac, HelloProof.OfDialer(invitation.Secret, helloBytes, nonce)))
        {
            throw new ProtocolException(HelloRefusal.Secret, $"whoever dialled as member {hello.From} does not know the gang's secret");
        }
    }

    /// <summary>Reads the message that must come now.</summary>
    public static async Task<T> ExpectAsync<T>(Socket socket, CancellationToken cancellation)
        where T : HelloMessage
    {
        return HelloCodec.Read(await HelloStream.ReceiveAsync(socket, cancellation)) switch
        {
            T message => message,
            HelloMessage.Refused refused => throw new ProtocolException(refused.Reason, $"the peer refused the hello: {refused.Reason}"),
            var other => throw ProtocolException.Malformed($"a {other.GetType().Name} message came where {typeof(T).Name} must"),
        };
    }

    private static void Check(GangInvitation invitation, HelloMessage.Hello hello)
    {
        // Member i dials every lower one, so each pair has one connection.
        if (hello.To != invitation.Member || hello.From <= invitation.Member || hello.From >= invitation.Plan.Members)
        {
            throw new ProtocolException(HelloRefusal.Member, $"member {hello.From} dialled member {hello.To} and reached member {invitation.Member} of {invitation.Plan.Members}");
        }

        if (hello.DataType != DataType.Float32)
        {
            throw new ProtocolException(HelloRefusal.DataType, $"member {hello.From} has elements of type {(byte)hello.DataType}, this one of type {(byte)DataType.Float32}");
        }

        if (!hello.PlanHash.Span.SequenceEqual(invitation.Plan.Hash.AsSpan()))
        {
            throw new ProtocolException(HelloRefusal.Plan, $"member {hello.From} has another plan than this one");
        }
    }

    private static byte[] NewNonce() => RandomNumberGenerator.GetBytes(HelloCodec.DigestSize);
}
