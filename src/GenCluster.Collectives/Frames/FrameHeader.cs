using System.Buffers;
using System.Buffers.Binary;
using GenCluster.Collectives.Memory;
using MessagePack;

namespace GenCluster.Collectives.Frames;

/// <summary>
/// What stands before the payload of a frame. A frame is one MessagePack array
/// <c>[version, kind, epoch, position, phase, bucket, chunk, node, ready, checksum, bin]</c>; numbers have a fixed width, so that every header has
/// the same size and is read with one exact read. The payload, raw little-endian floats, goes straight into its place.
/// </summary>
/// <param name="Node">The subtree's <see cref="Tree.TreeNode.NumberIn"/>; 1, the root, for a finished sum.</param>
/// <param name="Ready">When the sender's vector was complete, nanoseconds of its host's clock.</param>
/// <param name="Checksum">CRC-32C of the payload between hosts; 0 within one, where nothing leaves the memory.</param>
/// <param name="Length">Bytes of the payload: only ever compared with the plan's.</param>
internal readonly record struct FrameHeader(
    FrameKind Kind, long Epoch, CollectivePlace Place, int Chunk, int Node, long Ready, uint Checksum, int Length)
{
    public const int Size = 1 + (2 * 2) + (3 * 9) + (5 * 5) + BinHeaderSize;
    private const int BinHeaderSize = 5;
    private const int Fields = 11;

    public void Write(IBufferWriter<byte> target)
    {
        var writer = new MessagePackWriter(target);
        writer.WriteArrayHeader(Fields);
        writer.WriteUInt8(Protocol.Version);
        writer.WriteUInt8((byte)Kind);
        writer.WriteInt64(Epoch);
        writer.WriteInt64(Place.Position);
        writer.WriteUInt32((uint)Place.Phase);
        writer.WriteUInt32((uint)Place.Bucket);
        writer.WriteUInt32((uint)Chunk);
        writer.WriteUInt32((uint)Node);
        writer.WriteInt64(Ready);
        writer.WriteUInt32(Checksum);

        // Always bin32, where the writer would take the shortest form: the header's size must not depend on the length.
        var bin = writer.GetSpan(BinHeaderSize);
        bin[0] = MessagePackCode.Bin32;
        BinaryPrimitives.WriteInt32BigEndian(bin[1..], Length);
        writer.Advance(BinHeaderSize);
        writer.Flush();
    }

    /// <exception cref="ProtocolException">The bytes are not a header of this protocol.</exception>
    public static FrameHeader Read(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            throw ProtocolException.Malformed($"a frame header has {Size} bytes, got {bytes.Length}");
        }

        try
        {
            var reader = new MessagePackReader(bytes[..^BinHeaderSize]);
            var header = Read(ref reader, bytes.Span[^BinHeaderSize..]);
            return reader.End ? header : throw ProtocolException.Malformed("a frame header's numbers are not of the fixed width");
        }
        catch (Exception e) when (Protocol.IsMalformed(e))
        {
            throw ProtocolException.Malformed($"a frame header is not the MessagePack array of {Fields} that it must be", e);
        }
    }

    private static FrameHeader Read(ref MessagePackReader reader, ReadOnlySpan<byte> bin)
    {
        Protocol.ReadStart(ref reader, Fields);
        var kind = (FrameKind)reader.ReadByte();
        var header = new FrameHeader(
            kind, reader.ReadInt64(), new CollectivePlace(reader.ReadInt64(), reader.ReadInt32(), reader.ReadInt32()), reader.ReadInt32(),
            reader.ReadInt32(), reader.ReadInt64(), reader.ReadUInt32(), BinaryPrimitives.ReadInt32BigEndian(bin[1..]));
        if (kind is not (FrameKind.Partial or FrameKind.Sum))
        {
            throw ProtocolException.Malformed($"frame kind {(byte)kind} is unknown; this version knows {(byte)FrameKind.Partial} and {(byte)FrameKind.Sum}");
        }

        return bin[0] == MessagePackCode.Bin32 ? header : throw ProtocolException.Malformed($"a frame's payload has type code 0x{bin[0]:x2}, not bin32");
    }
}
