using GenCluster.Core.Models;
using GenCluster.Core.Parameters;

namespace GenCluster.Core.Tests.Models;

public sealed class HyperparameterTests
{
    private static readonly Hyperparameter Rate = Hyperparameter.Number("rate", 0.5, 0, 1, "A rate.");
    private static readonly Hyperparameter Depth = Hyperparameter.Integer("depth", 2, 1, 8, "A depth.");
    private static readonly Hyperparameter Loss = Hyperparameter.Choice("loss", "A loss.", "hinge", "wgan");
    private static readonly Hyperparameter Title = new("title", ParameterValue.Of(""), null, null, null, "A text.");
    private static readonly Hyperparameter Noise = new("noise", ParameterValue.Of(true), null, null, null, "A flag.");

    [Fact]
    public void Only_an_integer_becomes_another_type_and_only_a_number()
    {
        ParameterValue[] given = [ParameterValue.Of(0.5), ParameterValue.Of(2L), ParameterValue.Of("x"), ParameterValue.Of(true)];

        given.Select(v => Rate.Coerce(v)).ShouldBe([given[0], ParameterValue.Of(2.0), null, null]);
        given.Select(v => Depth.Coerce(v)).ShouldBe([null, given[1], null, null]);
        given.Select(v => Loss.Coerce(v)).ShouldBe([null, null, given[2], null]);
        given.Select(v => Noise.Coerce(v)).ShouldBe([null, null, null, given[3]]);
    }

    [Fact]
    public void Bounds_are_inclusive_and_finite()
    {
        double[] numbers = [0, 1, -0.01, 1.01, double.NaN, double.PositiveInfinity];

        numbers.Select(n => Rate.Allows(ParameterValue.Of(n))).ShouldBe([true, true, false, false, false, false]);
        new long[] { 1, 8, 0, 9, long.MaxValue }.Select(n => Depth.Allows(ParameterValue.Of(n))).ShouldBe([true, true, false, false, false]);
    }

    [Fact]
    public void Texts_are_those_of_the_list_or_any()
    {
        Loss.Allows(ParameterValue.Of("wgan")).ShouldBeTrue();
        Loss.Allows(ParameterValue.Of("Wgan")).ShouldBeFalse();
        Title.Allows(ParameterValue.Of("anything")).ShouldBeTrue();
        Noise.Allows(ParameterValue.Of(false)).ShouldBeTrue();
    }

    [Fact]
    public void The_first_choice_is_the_default() => Loss.Default.ShouldBe(ParameterValue.Of("hinge"));

    [Fact]
    public void What_is_allowed_is_said_in_words()
    {
        Rate.DescribeAllowed().ShouldBe("a number from 0 to 1");
        (Rate with { Max = null }).DescribeAllowed().ShouldBe("a number of at least 0");
        (Rate with { Min = null }).DescribeAllowed().ShouldBe("a number of at most 1");
        (Rate with { Min = null, Max = null }).DescribeAllowed().ShouldBe("a number");
        Depth.DescribeAllowed().ShouldBe("an integer from 1 to 8");
        (Depth with { Min = null }).DescribeAllowed().ShouldBe("an integer of at most 8");
        Loss.DescribeAllowed().ShouldBe("one of hinge, wgan");
        Title.DescribeAllowed().ShouldBe("a text");
        Noise.DescribeAllowed().ShouldBe("true or false");
    }

    [Fact]
    public void A_bound_that_is_not_set_does_not_bind()
    {
        (Rate with { Min = null }).Allows(ParameterValue.Of(-1e9)).ShouldBeTrue();
        (Rate with { Max = null }).Allows(ParameterValue.Of(1e9)).ShouldBeTrue();
    }
}
