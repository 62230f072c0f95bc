using GenCluster.Core.Randomness;
using GenCluster.Search.Numerics;

namespace GenCluster.Search.Tests.Numerics;

public sealed class CholeskyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(37)]
    public void Solves_and_inverts(int size)
    {
        double[] matrix = Definite(size);
        var cholesky = Cholesky.Of(matrix, size);
        double[] x = [.. Enumerable.Range(0, size).Select(i => Math.Sin(i + 1))];

        double[] solved = Times(matrix, x);
        cholesky.Solve(solved);
        double[] again = Times(matrix, Times(cholesky.Inverse(), x));

        for (int i = 0; i < size; i++)
        {
            solved[i].ShouldBe(x[i], 1e-9);
            again[i].ShouldBe(x[i], 1e-9);
        }
    }

    [Fact]
    public void The_determinant_is_that_of_the_textbook() =>
        Cholesky.Of([4, 0, 2, 0, 9, 1, 2, 1, 5], 3).LogDeterminant.ShouldBe(Math.Log(4 * (9 * 5 - 1) - 2 * (2 * 9)), 1e-12);

    [Fact]
    public void A_matrix_that_is_not_definite_by_rounding_gets_a_larger_diagonal()
    {
        double[] solved = [1, 1];

        Cholesky.Of([1, 1, 1, 1], 2).Solve(solved);

        (solved[0] + solved[1]).ShouldBe(1, 1e-6);
    }

    [Fact]
    public void What_is_no_number_is_refused() => Should.Throw<ArgumentException>(() => Cholesky.Of([double.NaN], 1)).Message.ShouldContain("not positive definite");

    private static double[] Definite(int size)
    {
        var stream = new RandomStream(3, new StreamAddress(StreamPurpose.Search));
        double[] root = [.. Enumerable.Range(0, size * size).Select(_ => stream.NextDouble() - 0.5)];
        double[] matrix = new double[size * size];
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
                matrix[i * size + j] = (i == j ? 0.1 : 0) + Enumerable.Range(0, size).Sum(k => root[i * size + k] * root[j * size + k]);
        }

        return matrix;
    }

    private static double[] Times(double[] matrix, double[] x) => [.. Enumerable.Range(0, x.Length).Select(i => Enumerable.Range(0, x.Length).Sum(j => matrix[i * x.Length + j] * x[j]))];
}
