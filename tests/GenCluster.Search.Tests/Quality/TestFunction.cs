using GenCluster.Core.Parameters;

namespace GenCluster.Search.Tests.Quality;

/// <summary>A function whose least value is known, to be searched for.</summary>
public sealed record TestFunction(string Name, double Least, ParameterSpace Space, Func<double[], double> Formula)
{
    public static readonly TestFunction
        Branin = new("Branin", 0.397887357729738, Box((-5, 10), (0, 15)), x =>
            Square(x[1] - 5.1 / (4 * Math.PI * Math.PI) * x[0] * x[0] + 5 / Math.PI * x[0] - 6) + 10 * (1 - 1 / (8 * Math.PI)) * Math.Cos(x[0]) + 10),
        Hartmann6 = new("Hartmann6", -3.32236801141551, Box(6, 0, 1), Hartmann),
        Ackley5 = new("Ackley-5", 0, Box(5, -32.768, 32.768), x =>
            -20 * Math.Exp(-0.2 * Math.Sqrt(x.Average(v => v * v))) - Math.Exp(x.Average(v => Math.Cos(2 * Math.PI * v))) + 20 + Math.E),
        Sphere5 = new("Sphere-5", 0, Box(5, -5, 5), x => x.Sum(v => v * v));

    public static IReadOnlyList<TestFunction> All { get; } = [Branin, Hartmann6, Ackley5, Sphere5];

    /// <summary>The value of a configuration: parameters x0, x1 and so on.</summary>
    public double At(Assignment assignment) => Formula([.. assignment.Settings.Select(s => s.Value.AsNumber())]);

    private static ParameterSpace Box(int dimensions, double min, double max) => Box([.. Enumerable.Repeat((min, max), dimensions)]);

    private static ParameterSpace Box(params (double Min, double Max)[] sides) => new([.. sides.Select((side, i) => new Parameter($"x{i}", new Uniform(side.Min, side.Max)))]);

    private static double Square(double x) => x * x;

    private static double Hartmann(double[] x)
    {
        double[] alpha = [1, 1.2, 3, 3.2];
        double[][] a = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]];
        double[][] p =
        [
            [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886], [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
            [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650], [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
        ];
        return -alpha.Index().Sum(i => i.Item * Math.Exp(-x.Index().Sum(j => a[i.Index][j.Index] * Square(j.Item - p[i.Index][j.Index]))));
    }
}
