using System.Text.Json;
using System.Text.Unicode;

namespace GenCluster.Training.Safetensors;

/// <summary>A tensor as a header describes it; the offsets are within the bytes after the header.</summary>
internal sealed record TensorEntry(string Name, ElementType Type, long[] Shape, long Begin, long End);

/// <summary>
/// The JSON at the beginning of a safetensors file. Whatever is not exactly as the format says is refused, with the
/// reason as a <see cref="FormatException"/>; memory is taken only for what was read.
/// </summary>
internal sealed class SafetensorsHeader
{
    public const int LargestLength = 100_000_000;
    private const int MostTensors = 100_000;
    private const int MostDimensions = 8;
    private const int LongestName = 512;

    private SafetensorsHeader()
    {
    }

    public List<TensorEntry> Tensors { get; } = [];

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <param name="dataLength">Bytes after the header; the tensors must cover them exactly.</param>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> utf8, long dataLength)
    {
        if (utf8.IsEmpty || utf8[0] != '{')
            throw new FormatException("the header does not begin with '{'");
        if (!Utf8.IsValid(utf8))
            throw new FormatException("the header is not valid UTF-8");

        var header = new SafetensorsHeader();
        try
        {
            var json = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = 8 });
            json.Read();
            header.ReadRoot(ref json);
            if (json.Read())
                throw new FormatException("something follows the header's object");
        }
        catch (JsonException e)
        {
            throw new FormatException($"the header is not JSON ({e.Message.TrimEnd('.')})", e);
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException("the header has a string that is not text", e); // half of a surrogate pair, escaped
        }

        header.RequireGapless(dataLength);
        return header;
    }

    private void ReadRoot(ref Utf8JsonReader json)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (NextKey(ref json, names) is { } name)
        {
            if (name == SafetensorsWriter.MetadataKey)
                ReadMetadata(ref json);
            else if (name.Length > LongestName)
                throw new FormatException($"a tensor's name has {name.Length} characters, more than {LongestName}");
            else if (Tensors.Count == MostTensors)
                throw new FormatException($"there are more than {MostTensors} tensors");
            else
                Tensors.Add(ReadTensor(ref json, name));
        }
    }

    private void ReadMetadata(ref Utf8JsonReader json)
    {
        Expect(ref json, JsonTokenType.StartObject, "the metadata must be an object");
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (NextKey(ref json, keys) is { } key)
        {
            Expect(ref json, JsonTokenType.String, $"metadata '{Short(key)}' must be a string");
            Metadata.Add(key, json.GetString()!);
        }
    }

    private static TensorEntry ReadTensor(ref Utf8JsonReader json, string name)
    {
        Expect(ref json, JsonTokenType.StartObject, $"tensor '{name}' must be an object");
        ElementType? type = null;
        long[]? shape = null, offsets = null;
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (NextKey(ref json, keys) is { } key)
        {
            switch (key)
            {
                case "dtype":
                    Expect(ref json, JsonTokenType.String, $"the dtype of tensor '{name}' must be a string");
                    string text = json.GetString()!;
                    type = ElementTypes.TryParse(text, out var known) ? known : throw new FormatException($"tensor '{name}' has the unknown dtype '{Short(text)}'");
                    break;
                case "shape":
                    shape = ReadNumbers(ref json, name, key);
                    break;
                case "data_offsets":
                    offsets = ReadNumbers(ref json, name, key);
                    break;
                default:
                    throw new FormatException($"tensor '{name}' has the unknown key '{Short(key)}'");
            }
        }

        if (type is null || shape is null || offsets is not { Length: 2 })
            throw new FormatException($"tensor '{name}' needs a dtype, a shape and two data_offsets");
        RequireLength(name, type.Value, shape, offsets[0], offsets[1]);
        return new TensorEntry(name, type.Value, shape, offsets[0], offsets[1]);
    }

    private static long[] ReadNumbers(ref Utf8JsonReader json, string name, string key)
    {
        Expect(ref json, JsonTokenType.StartArray, $"the {key} of tensor '{name}' must be an array");
        var numbers = new List<long>(MostDimensions);
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out long number) || number < 0)
                throw new FormatException($"the {key} of tensor '{name}' must be whole numbers from 0 to 2^63-1");
            if (numbers.Count == MostDimensions)
                throw new FormatException($"the {key} of tensor '{name}' has more than {MostDimensions} numbers");
            numbers.Add(number);
        }

        return [.. numbers];
    }

    private static void RequireLength(string name, ElementType type, long[] shape, long begin, long end)
    {
        long length = type.Size();
        try
        {
            foreach (long dimension in shape)
                length = checked(length * dimension);
        }
        catch (OverflowException e)
        {
            throw new FormatException($"tensor '{name}' is larger than any memory", e);
        }

        if (begin > end || end - begin != length)
            throw new FormatException($"tensor '{name}' needs {length} bytes and its data_offsets are {begin} to {end}");
    }

    // No holes, no overlap, nothing before the first tensor and nothing after the last.
    private void RequireGapless(long dataLength)
    {
        Tensors.Sort((a, b) => (a.Begin, a.End).CompareTo((b.Begin, b.End)));
        long position = 0;
        foreach (var tensor in Tensors)
        {
            if (tensor.Begin != position)
                throw new FormatException($"tensor '{tensor.Name}' begins at {tensor.Begin} where {position} is expected");
            position = tensor.End;
        }

        if (position != dataLength)
            throw new FormatException($"the tensors take {position} bytes and the file holds {dataLength}");
    }

    /// <returns>The next key of the object that the reader is in, or null at its end.</returns>
    private static string? NextKey(ref Utf8JsonReader json, HashSet<string> seen)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.EndObject)
            return null;
        string key = json.GetString()!;
        return seen.Add(key) ? key : throw new FormatException($"the key '{Short(key)}' is there twice");
    }

    private static void Expect(ref Utf8JsonReader json, JsonTokenType type, string otherwise)
    {
        json.Read();
        if (json.TokenType != type)
            throw new FormatException(otherwise);
    }

    // A message stays a sentence, whatever the file holds.
    private static string Short(string text) => text.Length <= 64 ? text : text[..64] + "…";
}
