using GenCluster.Core.Sweeps;

namespace GenCluster.Core.Tests.Sweeps;

public sealed class ObjectiveSpecTests
{
    private static readonly ObjectiveSpec Minimize = new("swd", Goal.Minimize), Maximize = new("score", Goal.Maximize);

    [Theory]
    [InlineData(1, 2, true, false)]
    [InlineData(2, 1, false, true)]
    [InlineData(1, 1, false, false)]
    [InlineData(0.0, -0.0, false, false)]
    [InlineData(1, double.NaN, true, true)]
    [InlineData(double.NaN, 1, false, false)]
    [InlineData(double.NaN, double.NaN, false, false)]
    [InlineData(1, double.NegativeInfinity, true, true)]
    [InlineData(double.NegativeInfinity, 1, false, false)]
    [InlineData(double.PositiveInfinity, 1, false, false)]
    [InlineData(double.PositiveInfinity, double.NaN, false, false)]
    public void Finite_values_compare_by_the_goal_and_others_are_never_better(double left, double right, bool minimize, bool maximize)
    {
        Minimize.IsBetter(left, right).ShouldBe(minimize);
        Maximize.IsBetter(left, right).ShouldBe(maximize);
    }
}
