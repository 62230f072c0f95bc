using System.Globalization;
using GenCluster.Core.Parameters;

namespace GenCluster.Core.Tests.Parameters.Predicates;

public sealed class PredicateTests
{
    private static readonly Assignment Values = new(
    [
        new Setting("loss", ParameterValue.Of("hinge")),
        new Setting("layers", ParameterValue.Of(3L)),
        new Setting("optimizer.generator.learningRate", ParameterValue.Of(0.5)),
        new Setting("augment", ParameterValue.Of(true)),
        new Setting("num-layers", ParameterValue.Of(4L)),
        new Setting("big", ParameterValue.Of(long.MaxValue)),
        new Setting("and", ParameterValue.Of(1L)),
    ]);

    [Theory]
    [InlineData("layers >= 2 and loss == 'hinge'")]
    [InlineData("layers == 3.0")]
    [InlineData("loss == \"hinge\"")]
    [InlineData("loss in ['hinge', 'least-squares']")]
    [InlineData("loss not in ['least-squares']")]
    [InlineData("layers in [1, 'auto', 3]")]
    [InlineData("layers not in [1, 'auto']")]
    [InlineData("not loss == 'wasserstein-gp'")]
    [InlineData("augment")]
    [InlineData("not not augment")]
    [InlineData("augment == true")]
    [InlineData("`num-layers` > layers")]
    [InlineData("`layers` == 3 and `and` == 1")]
    [InlineData("optimizer.generator.learningRate < 1e-0")]
    [InlineData("'it''s' == \"it's\"")]
    [InlineData("1 + 2 * 3 == 7")]
    [InlineData("(1 + 2) * 3 == 9")]
    [InlineData("10 - 4 - 3 == 3")]
    [InlineData("2 ** 3 ** 2 == 512")]
    [InlineData("-2 ** 2 == -4")]
    [InlineData("2 ** -1 == 0.5")]
    [InlineData("7 / 2 == 3.5")]
    [InlineData("- -3 == layers")]
    [InlineData("-1 % 4 == 3")]
    [InlineData("5.5 % -2 == -0.5")]
    [InlineData("(layers * 128) % 64 == 0")]
    [InlineData("9007199254740993 % 2 == 1")]
    [InlineData("(-1) ** 9000000000000000001 == -1")]
    [InlineData("big * 2 / 2 == big")]
    [InlineData("big - 1 < big")]
    [InlineData("min(3, 1.5, layers) == 1.5")]
    [InlineData("max(layers, 2) == 3")]
    [InlineData("abs(-3) == 3 and abs(-0.5) == 0.5")]
    [InlineData("log(1) == 0")]
    [InlineData("true or missing == 1")]
    [InlineData("missing == 1 or true")]
    [InlineData("not (false and missing)")]
    [InlineData("not (layers > 5 or loss == 'x') and .5 == 5e-1")]
    public void Holds(string text) => Read(text).Holds(Values.Find).ShouldBe(true);

    [Theory]
    [InlineData("layers > 3")]
    [InlineData("layers != 3")]
    [InlineData("false and missing")]
    [InlineData("missing and false")]
    [InlineData("loss in ['x']")]
    [InlineData("layers not in [3]")]
    [InlineData("not augment")]
    public void Does_not_hold(string text) => Read(text).Holds(Values.Find).ShouldBe(false);

    [Theory]
    [InlineData("missing == 1")]
    [InlineData("missing")]
    [InlineData("not missing")]
    [InlineData("missing and true")]
    [InlineData("missing or false")]
    [InlineData("missing in [1]")]
    [InlineData("layers in [missing, 4]")]
    [InlineData("loss in [1, 2]")]
    [InlineData("loss > 1")]
    [InlineData("loss == 1")]
    [InlineData("loss")]
    [InlineData("layers and true")]
    [InlineData("loss + 1 == 2")]
    [InlineData("1 / 0 == 1")]
    [InlineData("1 % 0 == 1")]
    [InlineData("log(0) < 0")]
    [InlineData("log(-1) < 0")]
    [InlineData("abs(loss) > 0")]
    [InlineData("min(1, loss) > 0")]
    [InlineData("10 ** 999 > 0")]
    public void Is_not_known(string text) => Read(text).Holds(Values.Find).ShouldBeNull();

    [Theory]
    [InlineData("", "column 1: expected a name or a value, got the end")]
    [InlineData("layers >", "column 9: expected a name or a value, got the end")]
    [InlineData("layers > > 2", "column 10: expected a name or a value, got '>'")]
    [InlineData("(layers > 2", "column 12: expected ')', got the end")]
    [InlineData("layers = 2", "column 8: expected '==', got '='")]
    [InlineData("layers > 2 && augment", "column 12: expected 'and', got '&&'")]
    [InlineData("layers > 2 augment", "column 12: expected an operator or the end, got the name 'augment'")]
    [InlineData("1 < layers < 4", "column 12: expected 'and' between two comparisons, got '<'")]
    [InlineData("loss == 'hinge", "column 9: expected a closing ' for what begins here")]
    [InlineData("loss == 'hinge''", "column 9: expected a closing ' for what begins here")]
    [InlineData("`` > 2", "column 1: expected a name between the backticks")]
    [InlineData("layers in 3", "column 11: expected '[', got '3'")]
    [InlineData("layers in []", "column 12: expected a name or a value, got ']'")]
    [InlineData("layers + 2", "column 1: expected a condition, got a number")]
    [InlineData("layers > 2 and 3", "column 16: expected a condition, got a number")]
    [InlineData("layers > 'many'", "column 10: expected a number, got a text")]
    [InlineData("'a' == 1", "column 8: expected a text, got a number")]
    [InlineData("not 'a'", "column 5: expected a condition, got a text")]
    [InlineData("1 + true == 2", "column 5: expected a number, got a condition")]
    [InlineData("sqrt(2) > 1", "column 1: expected one of the functions min, max, abs, log")]
    [InlineData("log(1, 2) > 1", "column 1: expected one argument of log, got 2")]
    [InlineData("2x > 1", "column 1: expected a number, got '2x'")]
    [InlineData("1e999 > 1", "column 1: expected a number, got '1e999'")]
    [InlineData("layers # 2", "column 8: expected a name, a value or an operator, got '#'")]
    [InlineData("layers \u0007", "column 8: expected a name, a value or an operator, got U+0007")]
    public void Says_what_was_expected_and_where(string text, string fault)
    {
        var predicate = new Predicate(text);

        predicate.Fault.ShouldBe(fault);
        predicate.Names.ShouldBeEmpty();
        predicate.Holds(Values.Find).ShouldBeNull();
    }

    [Theory]
    [InlineData("(")]
    [InlineData("-")]
    [InlineData("not ")]
    [InlineData("2 ** ")]
    [InlineData("abs(")]
    public void Depth_is_bounded(string opening)
    {
        var predicate = new Predicate(string.Concat(Enumerable.Repeat(opening, 600)));

        predicate.Fault.ShouldNotBeNull().ShouldContain("expected at most 64 levels of nesting");
    }

    [Fact]
    public void A_long_sum_is_no_deep_tree()
    {
        string sum = string.Join('+', Enumerable.Repeat("1", 1_990));

        Read($"{sum} == 1990").Holds(Values.Find).ShouldBe(true);
    }

    [Fact]
    public void Length_is_bounded()
    {
        new Predicate(new string(' ', Predicate.MaxLength - 4) + "true").Holds(Values.Find).ShouldBe(true);
        new Predicate(new string(' ', Predicate.MaxLength - 3) + "true").Fault.ShouldBe("column 4001: expected at most 4000 characters, got 4001");
    }

    [Fact]
    public void A_text_that_is_null_is_a_fault() => new Predicate(null!).Fault.ShouldNotBeNull();

    [Fact]
    public void Names_are_given_once_in_order()
    {
        Read("b > a and `num-layers` == b and min(c.d, 1) > 0 and text == 'e'").Names.ShouldBe(["b", "a", "num-layers", "c.d", "text"]);
    }

    [Fact]
    public void Is_compared_by_its_text()
    {
        Read("a > 1").ShouldBe(Read("a > 1"));
        Read("a > 1").GetHashCode().ShouldBe(Read("a > 1").GetHashCode());
        Read("a > 1").ShouldNotBe(Read("a  > 1"));
        Read("a > 1").ToString().ShouldBe("a > 1");
    }

    [Fact]
    public void Is_writes_what_a_name_must_be()
    {
        Predicate.Is("loss", ParameterValue.Of("wasserstein-gp")).Text.ShouldBe("loss == 'wasserstein-gp'");
        Predicate.Is("num-layers", ParameterValue.Of(2L), ParameterValue.Of(-3L)).Text.ShouldBe("`num-layers` in [2, -3]");
        Predicate.Is("and", ParameterValue.Of(true)).Text.ShouldBe("`and` == true");
        Predicate.Is("x", ParameterValue.Of("it's"), ParameterValue.Of(1e-7)).Text.ShouldBe("x in ['it''s', 1E-07]");
        Should.Throw<ArgumentException>(() => Predicate.Is("x"));
    }

    [Fact]
    public void All_joins_with_and()
    {
        Predicate.All(Read("a or b"), Read("c")).Text.ShouldBe("(a or b) and (c)");
        Predicate.All(Read("a or b")).Text.ShouldBe("a or b");
    }

    [Fact]
    public void Known_values_take_the_place_of_names()
    {
        Read("layers ** 2 == y and loss != 'layers' and min(min, 1) == `num-layers`")
            .With(new Assignment([new("layers", ParameterValue.Of(-2L)), new("min", ParameterValue.Of(0.5)), new("num-layers", ParameterValue.Of("a"))]).Find)
            .Text.ShouldBe("(-2) ** 2 == y and loss != 'layers' and min(0.5, 1) == 'a'");
        new Predicate("layers >").With(Values.Find).Text.ShouldBe("layers >");
    }

    [Fact]
    public void Does_not_depend_on_the_culture()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat = new NumberFormatInfo { NumberDecimalSeparator = ",", NegativeSign = "~" };
        CultureInfo.CurrentCulture = comma;
        try
        {
            Read("min(0.5, 1) == .5").Holds(Values.Find).ShouldBe(true);
            Predicate.Is("x", ParameterValue.Of(0.5)).Text.ShouldBe("x == 0.5");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static Predicate Read(string text)
    {
        var predicate = new Predicate(text);
        predicate.Fault.ShouldBeNull();
        return predicate;
    }
}
