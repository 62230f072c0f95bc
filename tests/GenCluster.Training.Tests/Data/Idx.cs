using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using GenCluster.Training.Data;

namespace GenCluster.Training.Tests.Data;

/// <summary>Small IDX files.</summary>
internal static class Idx
{
    public static byte[] File(int count, int height, int width) => File(count, height, width, new byte[count * height * width].Select((_, i) => (byte)(i * 31)));

    public static byte[] File(uint count, uint height, uint width, IEnumerable<byte> pixels) => Build(0x803, count, height, width, pixels);

    public static byte[] File(int count, int height, int width, IEnumerable<byte> pixels) => File((uint)count, (uint)height, (uint)width, pixels);

    public static byte[] Build(uint magic, uint count, uint height, uint width, IEnumerable<byte> pixels)
    {
        var header = new byte[16];
        foreach (var (value, i) in new[] { magic, count, height, width }.Select((x, i) => (x, i)))
            BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4 * i), value);
        return [.. header, .. pixels];
    }

    public static byte[] Packed(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return stream.ToArray();
    }

    public static IdxContent Content(int count, int height, int width, byte[] file) => new(count, height, width, Convert.ToHexStringLower(SHA256.HashData(file)));
}
