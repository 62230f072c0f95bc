using System.Runtime.InteropServices;

namespace GenCluster.Training.Safetensors;

/// <summary>Gives a tensor's bytes when they are to be written: row-major, little-endian. Nothing is copied on the way.</summary>
public delegate ReadOnlySpan<byte> TensorBytes();

/// <summary>A tensor to write.</summary>
public sealed record TensorSource(string Name, ElementType Type, IReadOnlyList<long> Shape, TensorBytes Bytes)
{
    /// <summary>32-bit floats, a view of whatever holds them.</summary>
    public static TensorSource F32(string name, IReadOnlyList<long> shape, ReadOnlyMemory<float> values) =>
        new(name, ElementType.F32, shape, () => MemoryMarshal.AsBytes(values.Span));

    /// <summary>64-bit integers, a view of whatever holds them.</summary>
    public static TensorSource I64(string name, IReadOnlyList<long> shape, ReadOnlyMemory<long> values) =>
        new(name, ElementType.I64, shape, () => MemoryMarshal.AsBytes(values.Span));

    /// <summary>Unmanaged memory, such as a flat buffer or a tensor's own. It must live until the tensor is written.</summary>
    public static unsafe TensorSource Of(string name, ElementType type, IReadOnlyList<long> shape, nint address)
    {
        int length = checked((int)(shape.Aggregate(1L, (a, b) => checked(a * b)) * type.Size()));
        return new(name, type, shape, () => new ReadOnlySpan<byte>((void*)address, length));
    }
}
