using GenCluster.Core.Parameters;
using static GenCluster.Core.Tests.Support.Samples;

namespace GenCluster.Core.Tests.Parameters;

public sealed class ParameterSpaceTests
{
    private static readonly Parameter Rate = new("rate", new Uniform(0, 1)), Depth = new("depth", new IntUniform(1, 4));

    [Fact]
    public void Order_in_a_file_does_not_matter()
    {
        var one = new ParameterSpace([Rate, Depth]);
        var other = new ParameterSpace([Depth, Rate]);

        one.ShouldBe(other);
        one.GetHashCode().ShouldBe(other.GetHashCode());
        one.Parameters.Select(p => p.Path).ShouldBe(["depth", "rate"]);
    }

    [Fact]
    public void Another_distribution_is_another_space()
    {
        new ParameterSpace([Rate]).ShouldNotBe(new ParameterSpace([Rate with { Distribution = new Uniform(0, 2) }]));
        new ParameterSpace([Rate]).ShouldNotBe(ParameterSpace.Empty);
        new ParameterSpace([Rate]).Equals((object?)null).ShouldBeFalse();
        new ParameterSpace([Rate]).Equals((object)new ParameterSpace([Rate])).ShouldBeTrue();
    }

    [Fact]
    public void Contains_what_has_a_fitting_value_for_every_parameter_and_nothing_else()
    {
        var space = new ParameterSpace([Rate, Depth]);
        var (half, two) = (ParameterValue.Of(0.5), ParameterValue.Of(2L));

        space.Contains(Settings(("rate", half), ("depth", two))).ShouldBeTrue();
        space.Contains(Settings(("rate", half))).ShouldBeFalse();
        space.Contains(Settings(("rate", half), ("width", two))).ShouldBeFalse();
        space.Contains(Settings(("rate", half), ("depth", two), ("width", two))).ShouldBeFalse();
        space.Contains(Settings(("rate", two), ("depth", two))).ShouldBeFalse();
        ParameterSpace.Empty.Contains(Assignment.Empty).ShouldBeTrue();
    }
}
