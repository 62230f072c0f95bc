using System.Numerics;
using GenCluster.Collectives.Frames;

namespace GenCluster.Training.Artifacts;

/// <summary>
/// The checksum of a TFRecord: CRC-32C, masked so that it may be stored among bytes that another one is taken of.
/// </summary>
internal static class RecordChecksum
{
    public static uint Of(ReadOnlySpan<byte> bytes) => BitOperations.RotateRight(Crc32C.Of(bytes), 15) + 0xa282ead8;
}
