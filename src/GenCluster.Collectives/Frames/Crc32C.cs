using System.Buffers.Binary;
using System.Numerics;

namespace GenCluster.Collectives.Frames;

/// <summary>CRC-32C (Castagnoli, RFC 3720 appendix B.4), one instruction for eight bytes on current processors.</summary>
public static class Crc32C
{
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var b in bytes)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return ~crc;
    }
}
