namespace GenCluster.Search.Tests.Quality;

/// <summary>A part of the benchmark <c>search</c>, as much of it as takes a few seconds.</summary>
public sealed class SearchQualityTests
{
    private const int Seeds = 5;

    // The median of the best of 100 random configurations, over 2,000 repetitions.
    [Theory]
    [InlineData("tpe", "Branin", 0.763)]
    [InlineData("tpe", "Sphere-5", 7.18)]
    [InlineData("gp", "Branin", 0.763)]
    [InlineData("gp", "Sphere-5", 7.18)]
    public void Learning_finds_better_values_than_chance(string algorithm, string function, double randomMedian) =>
        Bests(algorithm, function).ShouldAllBe(best => best < randomMedian);

    [Fact]
    public void The_Gaussian_process_finds_the_optimum_of_Branin() => Bests("gp", "Branin").Order().ElementAt(Seeds / 2).ShouldBe(0.397887, 0.01);

    [Theory]
    [InlineData("Branin", new[] { -Math.PI, 12.275 }, 0.397887)]
    [InlineData("Branin", new[] { 9.42478, 2.475 }, 0.397887)]
    [InlineData("Hartmann6", new[] { 0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573 }, -3.322368)]
    [InlineData("Ackley-5", new double[] { 0, 0, 0, 0, 0 }, 0)]
    [InlineData("Sphere-5", new double[] { 0, 0, 0, 0, 0 }, 0)]
    public void The_functions_are_what_they_are_called(string function, double[] at, double least) => Of(function).Formula(at).ShouldBe(least, 1e-5);

    private static IEnumerable<double> Bests(string algorithm, string function) =>
        Enumerable.Range(1, Seeds).Select(seed => FunctionSearch.Run(Samplers.Find(algorithm)!, Of(function), 100, (ulong)seed)[^1]);

    private static TestFunction Of(string name) => TestFunction.All.Single(f => f.Name == name);
}
