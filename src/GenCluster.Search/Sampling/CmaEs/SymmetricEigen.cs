namespace GenCluster.Search.Sampling.CmaEs;

/// <summary>
/// Eigenvalues and vectors of a symmetric matrix by Jacobi's rotations (Golub and Van Loan, section 8.5): nothing but additions,
/// multiplications and square roots in a fixed order, so the same bits on every machine.
/// </summary>
internal static class SymmetricEigen
{
    private const int Sweeps = 60;

    /// <returns>Eigenvalues, and the vectors as columns.</returns>
    public static (double[] Values, double[,] Vectors) Of(double[,] symmetric)
    {
        int n = symmetric.GetLength(0);
        double[,] a = (double[,])symmetric.Clone(), v = new double[n, n];
        for (int i = 0; i < n; i++)
            v[i, i] = 1;

        for (int sweep = 0; sweep < Sweeps && !IsDiagonal(a); sweep++)
        {
            for (int p = 0; p < n - 1; p++)
            {
                for (int q = p + 1; q < n; q++)
                    Rotate(a, v, p, q);
            }
        }

        return ([.. Enumerable.Range(0, n).Select(i => a[i, i])], v);
    }

    private static bool IsDiagonal(double[,] a)
    {
        int n = a.GetLength(0);
        double off = 0, on = 0;
        for (int i = 0; i < n; i++)
        {
            on += a[i, i] * a[i, i];
            for (int j = 0; j < i; j++)
                off += a[i, j] * a[i, j];
        }

        return off <= 1e-32 * on;
    }

    private static void Rotate(double[,] a, double[,] v, int p, int q)
    {
        if (a[p, q] == 0)
            return;
        double theta = (a[q, q] - a[p, p]) / (2 * a[p, q]);
        double t = (theta >= 0 ? 1 : -1) / (Math.Abs(theta) + Math.Sqrt(theta * theta + 1));
        double c = 1 / Math.Sqrt(t * t + 1), s = t * c;
        int n = a.GetLength(0);
        for (int k = 0; k < n; k++)
            (a[k, p], a[k, q]) = (c * a[k, p] - s * a[k, q], s * a[k, p] + c * a[k, q]);
        for (int k = 0; k < n; k++)
        {
            (a[p, k], a[q, k]) = (c * a[p, k] - s * a[q, k], s * a[p, k] + c * a[q, k]);
            (v[k, p], v[k, q]) = (c * v[k, p] - s * v[k, q], s * v[k, p] + c * v[k, q]);
        }
    }
}
