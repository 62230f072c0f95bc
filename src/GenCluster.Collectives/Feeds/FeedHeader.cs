using System.Buffers.Binary;
using GenCluster.Collectives.Frames;
using MessagePack;

namespace GenCluster.Collectives.Feeds;

/// <summary>
/// What stands before the payload of a feed's message. A message is one MessagePack array
/// <c>[version, kind, position, checksum, bin]</c> whose numbers have a fixed width.
/// </summary>
/// <param name="Kind">What the message is, by the two ends' own agreement.</param>
/// <param name="Position">Which position of the training it is of.</param>
/// <param name="Length">Bytes of the payload: the reader knows which length is right and compares.</param>
public readonly record struct FeedHeader(byte Kind, long Position, int Length)
{
    internal const int Size = 1 + (2 * 2) + 9 + 5 + BinHeaderSize;
    private const int BinHeaderSize = 5;
    private const int Fields = 5;

    /// <summary>CRC-32C of the payload.</summary>
    internal uint Checksum { get; init; }

    internal void Write(FixedBuffer target)
    {
        var writer = new MessagePackWriter(target);
        writer.WriteArrayHeader(Fields);
        writer.WriteUInt8(Protocol.Version);
        writer.WriteUInt8(Kind);
        writer.WriteInt64(Position);
        writer.WriteUInt32(Checksum);
        var bin = writer.GetSpan(BinHeaderSize);
        bin[0] = MessagePackCode.Bin32;
        BinaryPrimitives.WriteInt32BigEndian(bin[1..], Length);
        writer.Advance(BinHeaderSize);
        writer.Flush();
    }

    /// <exception cref="ProtocolException">The bytes are not a header of this protocol.</exception>
    internal static FeedHeader Read(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            throw ProtocolException.Malformed($"a feed's header has {Size} bytes, got {bytes.Length}");
        }

        try
        {
            var reader = new MessagePackReader(bytes[..^BinHeaderSize]);
            var header = Read(ref reader, bytes.Span[^BinHeaderSize..]);
            return reader.End ? header : throw ProtocolException.Malformed("a feed's header has numbers that are not of the fixed width");
        }
        catch (Exception e) when (Protocol.IsMalformed(e))
        {
            throw ProtocolException.Malformed($"a feed's header is not the MessagePack array of {Fields} that it must be", e);
        }
    }

    private static FeedHeader Read(ref MessagePackReader reader, ReadOnlySpan<byte> bin)
    {
        Protocol.ReadStart(ref reader, Fields);
        var header = new FeedHeader(reader.ReadByte(), reader.ReadInt64(), BinaryPrimitives.ReadInt32BigEndian(bin[1..])) { Checksum = reader.ReadUInt32() };
        if (bin[0] != MessagePackCode.Bin32 || header.Length < 0)
        {
            throw ProtocolException.Malformed($"a feed's payload has type code 0x{bin[0]:x2} and length {header.Length}, not bin32 of 0 bytes or more");
        }

        return header;
    }
}
