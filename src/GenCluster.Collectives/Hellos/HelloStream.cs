using System.Buffers.Binary;
using System.Net.Sockets;
using GenCluster.Collectives.Encryption;
using GenCluster.Collectives.Native;
using MessagePack;

namespace GenCluster.Collectives.Hellos;

/// <summary>Hello messages on a connection: each travels in a MessagePack bin16, so that a reader knows where it ends.</summary>
internal static class HelloStream
{
    private const int EnvelopeSize = 3;

    /// <summary>The bytes of a message as they go over the wire.</summary>
    public static byte[] Wrap(ReadOnlySpan<byte> message)
    {
        var bytes = new byte[EnvelopeSize + message.Length];
        bytes[0] = MessagePackCode.Bin16;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(1), (ushort)message.Length);
        message.CopyTo(bytes.AsSpan(EnvelopeSize));
        return bytes;
    }

    public static async Task SendAsync(Wire wire, ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        ReadOnlyMemory<byte> rest = Wrap(message.Span);
        for (var tries = 0; !rest.IsEmpty; tries++)
        {
            var count = wire.Send(rest.Span);
            rest = rest[(count >= 0 ? count : throw Lost(count))..];
            await LookAgain.AfterAsync(count > 0 ? 0 : tries, cancellation);
        }
    }

    public static Task SendAsync(Wire wire, HelloMessage message, CancellationToken cancellation) =>
        SendAsync(wire, HelloCodec.Write(message), cancellation);

    /// <summary>Reads one message and no byte more. The peer's length picks a part of a buffer of the largest size, it sizes none.</summary>
    /// <exception cref="ProtocolException">The bytes are no message.</exception>
    /// <exception cref="SocketException">The connection was closed or lost before its end.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReceiveAsync(Wire wire, CancellationToken cancellation)
    {
        var buffer = new byte[HelloCodec.MaxSize];
        await ReceiveExactlyAsync(wire, buffer.AsMemory(0, EnvelopeSize), cancellation);
        var length = BinaryPrimitives.ReadUInt16BigEndian(buffer.AsSpan(1));
        if (buffer[0] != MessagePackCode.Bin16 || length is 0 or > HelloCodec.MaxSize)
        {
            throw ProtocolException.Malformed($"a hello message starts with 0x{buffer[0]:x2} and length {length}, not with a bin16 of 1 to {HelloCodec.MaxSize} bytes");
        }

        var message = buffer.AsMemory(0, length);
        await ReceiveExactlyAsync(wire, message, cancellation);
        return message;
    }

    private static async Task ReceiveExactlyAsync(Wire wire, Memory<byte> bytes, CancellationToken cancellation)
    {
        for (var tries = 0; !bytes.IsEmpty; tries++)
        {
            var count = wire.Receive(bytes.Span);
            bytes = bytes[(count >= 0 ? count : throw Lost(count))..];
            await LookAgain.AfterAsync(count > 0 ? 0 : tries, cancellation);
        }
    }

    private static Exception Lost(int outcome) => outcome == TlsWire.BadMessage
        ? new ProtocolException(HelloRefusal.Certificate, "the peer ended the TLS connection: it does not accept the certificate of this worker")
        : new SocketException((int)SocketError.ConnectionReset);
}
