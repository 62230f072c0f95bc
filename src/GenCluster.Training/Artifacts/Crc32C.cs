using System.Numerics;

namespace GenCluster.Training.Artifacts;

/// <summary>CRC-32C (Castagnoli; RFC 3720, appendix B.4), and its masked form of the TFRecord format.</summary>
internal static class Crc32C
{
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }

    /// <summary>A checksum that may be stored among the bytes that another one is taken of.</summary>
    public static uint Masked(ReadOnlySpan<byte> bytes) => BitOperations.RotateRight(Of(bytes), 15) + 0xa282ead8;
}
