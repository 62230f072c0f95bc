namespace GenCluster.Training.Storage;

/// <summary>
/// In which order the numbers of a tensor lie in a flat buffer: those with four dimensions, which are the weights of
/// convolutions, with the channels last (N, H, W, C for a shape of N, C, H, W), because kernels for that order are
/// faster and libtorch takes them as soon as the weights lie so; all others row by row.
/// </summary>
internal static class ElementOrder
{
    /// <summary>The strides of a tensor of this shape.</summary>
    public static long[] StridesOf(ReadOnlySpan<long> shape)
    {
        if (shape is [_, var c, var h, var w])
            return [h * w * c, 1, w * c, c];

        var strides = new long[shape.Length];
        long stride = 1;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= shape[i];
        }

        return strides;
    }

    /// <summary>Whether the order is row by row, also because there is but one channel or one pixel.</summary>
    public static bool IsRowMajor(ReadOnlySpan<long> shape) => shape is not [_, var c, var h, var w] || c == 1 || h * w == 1;

    public static void ToRowMajor<T>(ReadOnlySpan<long> shape, ReadOnlySpan<T> from, Span<T> to)
        where T : unmanaged
    {
        if (IsRowMajor(shape))
            from.CopyTo(to);
        else
            Transpose((int)(shape[2] * shape[3]), (int)shape[1], from, to);
    }

    public static void FromRowMajor<T>(ReadOnlySpan<long> shape, ReadOnlySpan<T> from, Span<T> to)
        where T : unmanaged
    {
        if (IsRowMajor(shape))
            from.CopyTo(to);
        else
            Transpose((int)shape[1], (int)(shape[2] * shape[3]), from, to);
    }

    /// <summary>Transposes each of a row of matrices.</summary>
    private static void Transpose<T>(int rows, int columns, ReadOnlySpan<T> from, Span<T> to)
        where T : unmanaged
    {
        int size = rows * columns;
        for (int start = 0; start < from.Length; start += size)
        {
            var source = from.Slice(start, size);
            var target = to.Slice(start, size);
            for (int column = 0; column < columns; column++)
            {
                for (int row = 0; row < rows; row++)
                    target[column * rows + row] = source[row * columns + column];
            }
        }
    }
}
