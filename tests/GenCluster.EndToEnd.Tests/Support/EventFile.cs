using System.Buffers.Binary;

namespace GenCluster.EndToEnd.Tests.Support;

/// <summary>Reads the frames of a TensorBoard event file: length, its checksum, data, its checksum.</summary>
internal static class EventFile
{
    private const int Checksum = sizeof(uint);

    /// <summary>How many events there are; the last one must end with the file.</summary>
    public static int Count(string file)
    {
        var rest = File.ReadAllBytes(file).AsSpan();
        int count = 0;
        for (; !rest.IsEmpty; count++)
            rest = rest[(sizeof(ulong) + Checksum + (int)BinaryPrimitives.ReadUInt64LittleEndian(rest) + Checksum)..];
        return count;
    }
}
