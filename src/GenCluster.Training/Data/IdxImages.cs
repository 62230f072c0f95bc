using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;

namespace GenCluster.Training.Data;

/// <summary>What an IDX file of images must be. A file that is anything else is refused.</summary>
/// <param name="Sha256">Lower-case hex over the unpacked file, so that any packing of the same content is accepted.</param>
public sealed record IdxContent(int Count, int Height, int Width, string Sha256);

/// <summary>
/// Images in the IDX format of the MNIST family: big-endian magic number, count, height and width, then the pixels;
/// packed with gzip or plain.
/// </summary>
/// <param name="Pixels">One byte for each pixel, image by image, row by row.</param>
public sealed record IdxImages(int Count, int Height, int Width, byte[] Pixels)
{
    private const int HeaderLength = 16;
    private const uint Magic = 0x00000803; // unsigned bytes, three dimensions
    private const long Limit = 1L << 30;
    private const long LargestExpansion = 1032; // of deflate: 258 bytes from 2 bits

    /// <summary>Reads a file.</summary>
    /// <param name="expected">What it must hold, or null to accept any images.</param>
    /// <exception cref="DataException">It is missing, damaged or something else.</exception>
    public static IdxImages Read(string path, IdxContent? expected = null)
    {
        try
        {
            using var file = File.OpenRead(path);
            bool packed = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
            file.Position = 0;
            using var content = packed ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
            return Read(content, path, packed ? file.Length * LargestExpansion : file.Length, expected);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataException($"'{path}' does not exist; {Remedy}", e);
        }
        catch (InvalidDataException e)
        {
            throw new DataException($"'{path}' is damaged: it cannot be unpacked; {Remedy}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"'{path}' cannot be read: {e.Message.TrimEnd('.')}", e);
        }
    }

    internal const string Remedy = "get the file anew, or let data.path name a folder that holds it";

    private static IdxImages Read(Stream content, string path, long most, IdxContent? expected)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        if (content.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) < HeaderLength)
            throw new DataException($"'{path}' is truncated: it ends within its header; {Remedy}");

        uint magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        if (magic != Magic)
            throw new DataException($"'{path}' is not an IDX file of images: it begins with 0x{magic:x8} where 0x{Magic:x8} is expected; {Remedy}");

        var (count, height, width) = (Dimension(header[4..]), Dimension(header[8..]), Dimension(header[12..]));
        if (expected is not null && (count, height, width) != (expected.Count, expected.Height, expected.Width))
        {
            throw new DataException(
                $"'{path}' holds {count} images of {height}x{width} where {expected.Count} of {expected.Height}x{expected.Width} are expected; {Remedy}");
        }

        if (count == 0 || height == 0 || width == 0 || height > 4096 || width > 4096 || count > Limit / (height * width))
            throw new DataException($"'{path}' claims {count} images of {height}x{width}, which is outside of what is read (1 byte to 1 GiB of pixels)");

        // The claim is held against what the file could hold before memory is given to it.
        long length = count * height * width;
        if (length + HeaderLength > most)
            throw new DataException($"'{path}' is truncated: it claims {length} bytes of pixels and is too short to hold them; {Remedy}");

        var pixels = new byte[length];
        int read = content.ReadAtLeast(pixels, pixels.Length, throwOnEndOfStream: false);
        if (read < pixels.Length)
            throw new DataException($"'{path}' is truncated: it claims {length} bytes of pixels and holds {read}; {Remedy}");
        if (content.ReadByte() >= 0)
            throw new DataException($"'{path}' goes on after its last image; {Remedy}");
        if (expected is not null)
            Verify(header, pixels, path, expected.Sha256);
        return new IdxImages((int)count, (int)height, (int)width, pixels);
    }

    private static long Dimension(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32BigEndian(bytes);

    private static void Verify(ReadOnlySpan<byte> header, byte[] pixels, string path, string expected)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header);
        hash.AppendData(pixels);
        string actual = Convert.ToHexStringLower(hash.GetCurrentHash());
        if (actual != expected)
            throw new DataException($"'{path}' has other content than expected (sha256 {actual}, expected {expected}); {Remedy}");
    }
}
