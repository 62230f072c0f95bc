using System.Buffers;
using System.Text;
using GenCluster.Collectives.Frames;
using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Memory;
using MessagePack;

namespace GenCluster.Collectives.Hellos;

/// <summary>Writes and reads the hello messages: MessagePack arrays <c>[version, kind, …]</c>.</summary>
internal static class HelloCodec
{
    /// <summary>The most bytes that a message may have.</summary>
    public const int MaxSize = 512;

    /// <summary>The most UTF-8 bytes that a trial's id may have.</summary>
    public const int MaxTrialBytes = 256;

    /// <summary>Bytes of a nonce, of a hash, of a MAC and of the secret.</summary>
    public const int DigestSize = 32;

    private const int HostSize = 16;
    private const int OfferFields = 5;

    public static byte[] Write(HelloMessage message)
    {
        var buffer = new FixedBuffer(MaxSize * 2); // the writer asks for more room than it uses
        var writer = new MessagePackWriter(buffer);
        Write(ref writer, message);
        writer.Flush();
        return buffer.Written.ToArray();
    }

    /// <summary>An offer alone, as it stands in a message.</summary>
    public static byte[] Write(HelloOffer offer)
    {
        var buffer = new FixedBuffer(MaxSize);
        var writer = new MessagePackWriter(buffer);
        Write(ref writer, offer);
        writer.Flush();
        return buffer.Written.ToArray();
    }

    /// <exception cref="ProtocolException">The bytes are not a hello message of this version.</exception>
    public static HelloMessage Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var reader = new MessagePackReader(bytes);
            var fields = Protocol.ReadStart(ref reader);
            var message = Read(ref reader, (HelloKind)reader.ReadByte(), fields);
            return reader.End ? message : throw ProtocolException.Malformed("a hello message has bytes after its end");
        }
        catch (Exception e) when (Protocol.IsMalformed(e))
        {
            throw ProtocolException.Malformed("a hello message is not the MessagePack array that it must be", e);
        }
    }

    private static void Write(ref MessagePackWriter writer, HelloMessage message)
    {
        switch (message)
        {
            case HelloMessage.Hello hello:
                Start(ref writer, 11, HelloKind.Hello);
                writer.Write((byte)hello.Purpose);
                writer.Write(hello.Trial);
                writer.Write(hello.Epoch);
                writer.Write(hello.From);
                writer.Write(hello.To);
                writer.Write((byte)hello.DataType);
                writer.Write(hello.Digest.Span);
                writer.Write(hello.Nonce.Span);
                Write(ref writer, hello.Offer);
                break;
            case HelloMessage.Welcome welcome:
                Start(ref writer, 6, HelloKind.Welcome);
                writer.Write(welcome.Nonce.Span);
                Write(ref writer, welcome.Offer);
                writer.Write(welcome.SentAt);
                writer.Write(welcome.Mac.Span);
                break;
            case HelloMessage.Proof proof:
                Start(ref writer, 5, HelloKind.Proof);
                writer.Write((byte)proof.Transport);
                writer.Write(proof.SentAt);
                writer.Write(proof.Mac.Span);
                break;
            case HelloMessage.Ready ready:
                Start(ref writer, 4, HelloKind.Ready);
                writer.Write((byte)ready.Transport);
                writer.Write(ready.SentAt);
                break;
            case HelloMessage.Refused refused:
                Start(ref writer, 3, HelloKind.Refused);
                writer.Write((byte)refused.Reason);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(message), message, "not a hello message");
        }
    }

    private static void Write(ref MessagePackWriter writer, HelloOffer offer)
    {
        writer.WriteArrayHeader(OfferFields);
        writer.Write(offer.Host.ToByteArray(bigEndian: true));
        writer.Write((byte)offer.Transports);
        writer.Write(offer.Memory.Process);
        writer.Write(offer.Memory.File);
        writer.Write(offer.Memory.Token.Span);
    }

    private static void Start(ref MessagePackWriter writer, int fields, HelloKind kind)
    {
        writer.WriteArrayHeader(fields);
        writer.Write(Protocol.Version);
        writer.Write((byte)kind);
    }

    private static HelloMessage Read(ref MessagePackReader reader, HelloKind kind, int fields) => (kind, fields) switch
    {
        (HelloKind.Hello, 11) => new HelloMessage.Hello(
            (HelloPurpose)reader.ReadByte(), ReadTrial(ref reader), reader.ReadInt64(), reader.ReadInt32(), reader.ReadInt32(),
            (DataType)reader.ReadByte(), ReadDigest(ref reader), ReadDigest(ref reader), ReadOffer(ref reader)),
        (HelloKind.Welcome, 6) => new HelloMessage.Welcome(ReadDigest(ref reader), ReadOffer(ref reader), reader.ReadInt64(), ReadDigest(ref reader)),
        (HelloKind.Proof, 5) => new HelloMessage.Proof((Transport)reader.ReadByte(), reader.ReadInt64(), ReadDigest(ref reader)),
        (HelloKind.Ready, 4) => new HelloMessage.Ready((Transport)reader.ReadByte(), reader.ReadInt64()),
        (HelloKind.Refused, 3) => new HelloMessage.Refused((HelloRefusal)reader.ReadByte()),
        _ => throw ProtocolException.Malformed($"a hello message has kind {(byte)kind} and {fields} fields, which is none of this version's"),
    };

    private static string ReadTrial(ref MessagePackReader reader)
    {
        var utf8 = reader.ReadStringSequence() ?? ReadOnlySequence<byte>.Empty;
        return utf8.Length is > 0 and <= MaxTrialBytes
            ? Encoding.UTF8.GetString(utf8)
            : throw ProtocolException.Malformed($"a trial's id has {utf8.Length} bytes; 1 to {MaxTrialBytes} are allowed");
    }

    private static HelloOffer ReadOffer(ref MessagePackReader reader)
    {
        var fields = reader.ReadArrayHeader();
        return fields == OfferFields
            ? new HelloOffer(
                new Guid(ReadBytes(ref reader, HostSize, "host's id"), bigEndian: true), (TransportSet)reader.ReadByte(),
                new MemoryOffer(reader.ReadInt32(), reader.ReadInt32(), ReadDigest(ref reader)))
            : throw ProtocolException.Malformed($"an offer of a hello message has {fields} fields, not {OfferFields}");
    }

    private static byte[] ReadDigest(ref MessagePackReader reader) => ReadBytes(ref reader, DigestSize, "digest");

    private static byte[] ReadBytes(ref MessagePackReader reader, int size, string what)
    {
        var bytes = reader.ReadBytes() ?? ReadOnlySequence<byte>.Empty;
        return bytes.Length == size
            ? bytes.ToArray()
            : throw ProtocolException.Malformed($"a {what} of a hello message has {bytes.Length} bytes, not {size}");
    }
}
