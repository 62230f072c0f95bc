using System.Buffers.Binary;
using GenCluster.Core.Training;
using StbImageWriteSharp;

namespace GenCluster.Training.Artifacts;

/// <summary>Pictures as PNG.</summary>
internal static class Png
{
    public static byte[] Encode(SamplePicture picture)
    {
        using var stream = new MemoryStream();
        new ImageWriter().WritePng(picture.Pixels, picture.Width, picture.Height, (ColorComponents)picture.Channels, stream);
        return stream.ToArray();
    }
}

/// <summary>What a PNG says of itself in its first chunk.</summary>
internal readonly record struct PngHeader(int Width, int Height, int Channels)
{
    private const int Length = 26; // signature, chunk's length and name, width, height, depth, colour type
    private static readonly byte[] Signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

    /// <returns>Null when it is no PNG.</returns>
    public static PngHeader? Read(ReadOnlySpan<byte> png)
    {
        if (png.Length < Length || !png.StartsWith(Signature))
            return null;
        int channels = png[25] switch { 0 => 1, 4 => 2, 2 => 3, _ => 4 };
        return new PngHeader(BinaryPrimitives.ReadInt32BigEndian(png[16..]), BinaryPrimitives.ReadInt32BigEndian(png[20..]), channels);
    }
}
