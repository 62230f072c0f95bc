using GenCluster.Search.Numerics;

namespace GenCluster.Search.Tests.Numerics;

public sealed class BoxMinimizerTests
{
    [Fact]
    public void Finds_the_end_of_the_bent_valley_of_Rosenbrock()
    {
        double[] x = [-1.2, 1];

        BoxMinimizer.Minimize(Rosenbrock, x, [-5, -5], [5, 5], 500, 1e-8).ShouldBe(0, 1e-12);

        x[0].ShouldBe(1, 1e-5);
        x[1].ShouldBe(1, 1e-5);
    }

    [Fact]
    public void Stays_in_the_box_and_finds_the_least_value_on_its_edge()
    {
        double[] x = [-1.2, 1];

        BoxMinimizer.Minimize(Rosenbrock, x, [-2, -2], [0.5, 2], 500, 1e-8).ShouldBe(0.25, 1e-9); // (1 - x)² at the edge

        x[0].ShouldBe(0.5);
        x[1].ShouldBe(0.25, 1e-5);
    }

    [Fact]
    public void Uses_no_more_evaluations_than_it_may()
    {
        int evaluations = 0;
        double[] x = [-1.2, 1];

        BoxMinimizer.Minimize(
            (at, gradient) =>
            {
                evaluations++;
                return Rosenbrock(at, gradient);
            },
            x, [-5, -5], [5, 5], 7, 1e-8).ShouldBeLessThan(24.2);

        evaluations.ShouldBe(7);
    }

    [Fact]
    public void Leaves_a_minimum_where_it_is()
    {
        double[] x = [1, 1];

        BoxMinimizer.Minimize(Rosenbrock, x, [-5, -5], [5, 5], 100, 1e-8).ShouldBe(0);

        x.ShouldBe([1, 1]);
    }

    private static double Rosenbrock(ReadOnlySpan<double> x, Span<double> gradient)
    {
        double bend = x[1] - x[0] * x[0];
        gradient[0] = -400 * x[0] * bend - 2 * (1 - x[0]);
        gradient[1] = 200 * bend;
        return 100 * bend * bend + (1 - x[0]) * (1 - x[0]);
    }
}
