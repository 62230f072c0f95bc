using System.Buffers.Binary;
using System.Collections.ObjectModel;
using System.Runtime.InteropServices;

namespace GenCluster.Training.Safetensors;

/// <summary>A tensor that was read: a view of the file's bytes.</summary>
/// <param name="Bytes">Row-major, little-endian.</param>
public sealed record StoredTensor(string Name, ElementType Type, IReadOnlyList<long> Shape, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The elements.</summary>
    /// <exception cref="InvalidOperationException"><typeparamref name="T"/> has another size than this tensor's elements.</exception>
    public unsafe ReadOnlySpan<T> As<T>()
        where T : unmanaged => sizeof(T) == Type.Size()
        ? MemoryMarshal.Cast<byte, T>(Bytes.Span)
        : throw new InvalidOperationException($"elements of tensor '{Name}' are {Type}, not {typeof(T).Name}");
}

/// <summary>
/// A safetensors file, read and checked as a whole: what does not keep the format in every point is refused, and no
/// length is believed before it is held against the file's own.
/// </summary>
public sealed class SafetensorsFile
{
    private const int LengthSize = sizeof(ulong);

    private readonly string origin;
    private readonly Dictionary<string, StoredTensor> byName;

    private SafetensorsFile(string origin, IReadOnlyList<StoredTensor> tensors, IDictionary<string, string> metadata)
    {
        this.origin = origin;
        Tensors = tensors;
        Metadata = new ReadOnlyDictionary<string, string>(metadata);
        byName = tensors.ToDictionary(x => x.Name, StringComparer.Ordinal);
    }

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<StoredTensor> Tensors { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads a file into memory.</summary>
    /// <exception cref="SafetensorsException">It is not safetensors.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SafetensorsFile Load(string path)
    {
        long length = new FileInfo(path).Length;
        if (length > Array.MaxLength)
            throw new SafetensorsException(path, $"it has {length} bytes; at most {Array.MaxLength} are read");
        return Parse(File.ReadAllBytes(path), path);
    }

    /// <param name="bytes">Kept: the tensors are views of it.</param>
    /// <param name="origin">What to call it in messages.</param>
    /// <exception cref="SafetensorsException">It is not safetensors.</exception>
    public static SafetensorsFile Parse(ReadOnlyMemory<byte> bytes, string origin)
    {
        if (bytes.Length < LengthSize)
            throw new SafetensorsException(origin, $"it has {bytes.Length} bytes, too few for a header");
        ulong claimed = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span);
        if (claimed > SafetensorsHeader.LargestLength || (int)claimed > bytes.Length - LengthSize)
            throw new SafetensorsException(origin, $"it claims a header of {claimed} bytes; {bytes.Length - LengthSize} follow and at most {SafetensorsHeader.LargestLength} are allowed");

        var data = bytes[(LengthSize + (int)claimed)..];
        try
        {
            var header = SafetensorsHeader.Parse(bytes.Span.Slice(LengthSize, (int)claimed), data.Length);
            var tensors = header.Tensors.ConvertAll(x => new StoredTensor(x.Name, x.Type, x.Shape, data[(int)x.Begin..(int)x.End]));
            return new SafetensorsFile(origin, tensors, header.Metadata);
        }
        catch (FormatException e)
        {
            throw new SafetensorsException(origin, e.Message, e);
        }
    }

    /// <summary>The tensor of this name, which must have this type and shape.</summary>
    /// <exception cref="SafetensorsException">It is not there, or is another.</exception>
    public StoredTensor Require(string name, ElementType type, params ReadOnlySpan<long> shape)
    {
        if (!byName.TryGetValue(name, out var tensor))
            throw new SafetensorsException(origin, $"tensor '{name}' is missing");
        if (tensor.Type != type || !shape.SequenceEqual([.. tensor.Shape]))
        {
            throw new SafetensorsException(
                origin, $"tensor '{name}' is {tensor.Type} [{string.Join(", ", tensor.Shape)}] where {type} [{string.Join(", ", shape.ToArray())}] is expected");
        }

        return tensor;
    }

    /// <summary>Checks that there are no tensors but these.</summary>
    /// <exception cref="SafetensorsException">There are.</exception>
    public void RequireOnly(IEnumerable<string> names)
    {
        string? surplus = Tensors.Select(tensor => tensor.Name).Except(names, StringComparer.Ordinal).FirstOrDefault();
        if (surplus is not null)
            throw new SafetensorsException(origin, $"tensor '{surplus}' is not expected");
    }

    /// <summary>Checks that no element of a floating-point tensor is NaN or infinite; weights that are would poison whatever uses them.</summary>
    /// <exception cref="SafetensorsException">One is.</exception>
    public void RequireFinite()
    {
        foreach (var tensor in Tensors)
        {
            bool finite = tensor.Type switch
            {
                ElementType.F32 => !Any(tensor.As<uint>(), 0x7f80_0000u),
                ElementType.F64 => !Any(tensor.As<ulong>(), 0x7ff0_0000_0000_0000ul),
                ElementType.F16 => !Any(tensor.As<ushort>(), (ushort)0x7c00),
                ElementType.BF16 => !Any(tensor.As<ushort>(), (ushort)0x7f80),
                _ => true,
            };
            if (!finite)
                throw new SafetensorsException(origin, $"tensor '{tensor.Name}' has elements that are not finite");
        }
    }

    // An element is NaN or infinite when all bits of its exponent are set.
    private static bool Any<T>(ReadOnlySpan<T> elements, T exponent)
        where T : System.Numerics.IBinaryInteger<T>
    {
        foreach (var element in elements)
        {
            if ((element & exponent) == exponent)
                return true;
        }

        return false;
    }
}
