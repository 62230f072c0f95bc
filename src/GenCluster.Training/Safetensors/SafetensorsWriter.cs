using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace GenCluster.Training.Safetensors;

/// <summary>
/// Writes tensors in the safetensors format, which Python opens. The same tensors give the same bytes: they are laid
/// out by element size, the largest first, so that each is aligned, then by name.
/// </summary>
public static class SafetensorsWriter
{
    internal const string MetadataKey = "__metadata__";
    private const int Alignment = 8;

    public static void Write(Stream stream, IEnumerable<TensorSource> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("safetensors holds little-endian numbers; this machine's are not");

        TensorSource[] ordered = [.. tensors.OrderByDescending(x => x.Type.Size()).ThenBy(x => x.Name, StringComparer.Ordinal)];
        var header = Header(ordered, metadata ?? new Dictionary<string, string>());

        int padding = -header.Length & (Alignment - 1);
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)(header.Length + padding));
        stream.Write(length);
        stream.Write(header);
        stream.Write("       "u8[..padding]);

        foreach (var tensor in ordered)
        {
            var bytes = tensor.Bytes();
            if (bytes.Length != Length(tensor))
                throw new ArgumentException($"tensor '{tensor.Name}' has {bytes.Length} bytes where its shape asks for {Length(tensor)}", nameof(tensors));
            stream.Write(bytes);
        }
    }

    private static ReadOnlySpan<byte> Header(TensorSource[] tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        if (metadata.Count > 0)
        {
            json.WriteStartObject(MetadataKey);
            foreach (var (key, value) in metadata.OrderBy(x => x.Key, StringComparer.Ordinal))
                json.WriteString(key, value);
            json.WriteEndObject();
        }

        long begin = 0;
        var names = new HashSet<string>(StringComparer.Ordinal) { MetadataKey };
        foreach (var tensor in tensors)
        {
            if (!names.Add(tensor.Name))
                throw new ArgumentException($"'{tensor.Name}' names two tensors, or is reserved", nameof(tensors));
            long end = begin + Length(tensor);
            json.WriteStartObject(tensor.Name);
            json.WriteString("dtype", tensor.Type.Code());
            WriteNumbers(json, "shape", tensor.Shape);
            WriteNumbers(json, "data_offsets", [begin, end]);
            json.WriteEndObject();
            begin = end;
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan;
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IReadOnlyList<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (long number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private static long Length(TensorSource tensor) => tensor.Shape.Aggregate((long)tensor.Type.Size(), (a, b) => checked(a * b));
}
