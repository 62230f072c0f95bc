namespace GenCluster.Search.Numerics;

/// <summary>
/// The factor L of a symmetric positive definite matrix A = L Lᵀ, row by row in one array, so that all sums run over
/// neighbours in memory. Only the lower triangle of A is read.
/// </summary>
internal sealed class Cholesky
{
    private readonly double[] factor;

    private Cholesky(double[] factor, int size)
    {
        (this.factor, Size) = (factor, size);
    }

    public int Size { get; }

    /// <summary>ln det A.</summary>
    public double LogDeterminant
    {
        get
        {
            double sum = 0;
            for (int i = 0; i < Size; i++)
                sum += Math.Log(factor[i * Size + i]);
            return 2 * sum;
        }
    }

    /// <summary>
    /// Factors a matrix. One that is not definite by rounding gets a larger diagonal: 1e-10 of its mean, and ten times as much
    /// until it is.
    /// </summary>
    /// <param name="matrix">Size x size; left as it was.</param>
    public static Cholesky Of(double[] matrix, int size)
    {
        double mean = 0;
        for (int i = 0; i < size; i++)
            mean += matrix[i * size + i] / size;
        double[] factor = new double[matrix.Length];
        for (double jitter = 0; ; jitter = Math.Max(1e-10 * mean, 10 * jitter))
        {
            if (TryFactor(matrix, factor, size, jitter))
                return new Cholesky(factor, size);
            if (!(jitter < 1e6 * mean))
                throw new ArgumentException("the matrix is not positive definite, or has values that are not finite", nameof(matrix));
        }
    }

    /// <summary>x with L x = b, in place of b.</summary>
    public void SolveLower(Span<double> b)
    {
        for (int i = 0; i < Size; i++)
            b[i] = (b[i] - Vectors.Dot(Row(i)[..i], b[..i])) / factor[i * Size + i];
    }

    /// <summary>x with A x = b, in place of b.</summary>
    public void Solve(Span<double> b)
    {
        SolveLower(b);
        for (int i = Size - 1; i >= 0; i--)
        {
            b[i] /= factor[i * Size + i];
            Vectors.Add(b[..i], -b[i], Row(i)[..i]);
        }
    }

    /// <summary>The inverse of A, both triangles.</summary>
    public double[] Inverse()
    {
        // Row j of m is column j of L⁻¹; the inverse of A is m mᵀ.
        double[] m = new double[Size * Size];
        for (int j = 0; j < Size; j++)
        {
            var row = m.AsSpan(j * Size, Size);
            row[j] = 1 / factor[j * Size + j];
            for (int i = j + 1; i < Size; i++)
                row[i] = -Vectors.Dot(Row(i)[j..i], row[j..i]) / factor[i * Size + i];
        }

        double[] inverse = new double[Size * Size];
        for (int i = 0; i < Size; i++)
        {
            for (int j = 0; j <= i; j++)
                inverse[i * Size + j] = inverse[j * Size + i] = Vectors.Dot(m.AsSpan(i * Size + i, Size - i), m.AsSpan(j * Size + i, Size - i));
        }

        return inverse;
    }

    private static bool TryFactor(double[] matrix, double[] factor, int size, double jitter)
    {
        for (int i = 0; i < size; i++)
        {
            var row = factor.AsSpan(i * size, size);
            for (int j = 0; j < i; j++)
                row[j] = (matrix[i * size + j] - Vectors.Dot(row[..j], factor.AsSpan(j * size, j))) / factor[j * size + j];
            double pivot = matrix[i * size + i] + jitter - Vectors.Dot(row[..i], row[..i]);
            if (!(pivot > 0) || !double.IsFinite(pivot))
                return false;
            row[i] = Math.Sqrt(pivot);
        }

        return true;
    }

    private ReadOnlySpan<double> Row(int i) => factor.AsSpan(i * Size, Size);
}
