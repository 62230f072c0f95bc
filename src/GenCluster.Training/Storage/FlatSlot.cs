using static TorchSharp.torch;

namespace GenCluster.Training.Storage;

/// <summary>
/// A tensor of a module and its place in a flat buffer. There it lies as <see cref="ElementOrder"/> says; files and
/// people know tensors in row-major order.
/// </summary>
/// <param name="Name">Its key in the module's state dictionary.</param>
/// <param name="Tensor">The module's own tensor.</param>
/// <param name="Offset">Its first number in the buffer.</param>
/// <param name="Length">How many numbers it has.</param>
public sealed record FlatSlot(string Name, Tensor Tensor, int Offset, int Length)
{
    public long[] Shape => Tensor.shape;

    /// <summary>How many numbers of the buffer are its own: <see cref="Length"/>, and the zeros up to the next slot.</summary>
    public int Room => (Length + FlatLayout.Step - 1) / FlatLayout.Step * FlatLayout.Step;

    /// <summary>The tensor's numbers within a flat buffer, in row-major order: a view where they lie so, else a copy.</summary>
    public ReadOnlySpan<T> RowMajor<T>(ReadOnlySpan<T> buffer)
        where T : unmanaged
    {
        var here = buffer.Slice(Offset, Length);
        if (ElementOrder.IsRowMajor(Shape))
            return here;
        var copy = new T[Length];
        ElementOrder.ToRowMajor(Shape, here, copy);
        return copy;
    }

    /// <summary>Copies the tensor's numbers out of a flat buffer into row-major order.</summary>
    public void CopyRowMajor<T>(ReadOnlySpan<T> buffer, Span<T> rowMajor)
        where T : unmanaged => ElementOrder.ToRowMajor(Shape, buffer.Slice(Offset, Length), rowMajor[..Length]);

    /// <summary>Copies the tensor's numbers from row-major order to their place in a flat buffer.</summary>
    public void SetRowMajor<T>(ReadOnlySpan<T> rowMajor, Span<T> buffer)
        where T : unmanaged => ElementOrder.FromRowMajor(Shape, rowMajor[..Length], buffer.Slice(Offset, Length));
}
