using System.Globalization;
using FsCheck.Xunit;
using GenCluster.Core.Parameters;

namespace GenCluster.Core.Tests.Parameters;

public sealed class ParameterValueTests
{
    [Property]
    public void Text_of_a_number_reads_back_as_the_same_bits(double value)
    {
        double read = double.Parse(ParameterValue.Of(value).ToString(), CultureInfo.InvariantCulture);

        BitConverter.DoubleToInt64Bits(read).ShouldBe(BitConverter.DoubleToInt64Bits(value));
    }

    [Property]
    public void Text_of_an_integer_reads_back_as_the_same(long value) =>
        long.Parse(ParameterValue.Of(value).ToString(), CultureInfo.InvariantCulture).ShouldBe(value);

    [Fact]
    public void Text_is_the_shortest()
    {
        ParameterValue.Of(0.1).ToString().ShouldBe("0.1");
        ParameterValue.Of(1e-8).ToString().ShouldBe("1E-08");
        ParameterValue.Of(-12L).ToString().ShouldBe("-12");
        ParameterValue.Of("hinge").ToString().ShouldBe("hinge");
        ParameterValue.Of(true).ToString().ShouldBe("true");
        ParameterValue.Of(false).ToString().ShouldBe("false");
        new ParameterValue(ParameterKind.Text, 0, 0, null).ToString().ShouldBe("");
    }

    [Fact]
    public void Kind_is_part_of_the_value()
    {
        ParameterValue.Of(1.0).ShouldNotBe(ParameterValue.Of(1L));
        ParameterValue.Of(1L).ShouldNotBe(ParameterValue.Of(true));
        ParameterValue.Of("1").ShouldNotBe(ParameterValue.Of(1L));
        ParameterValue.Of(double.NaN).ShouldBe(ParameterValue.Of(double.NaN));
    }

    [Fact]
    public void A_value_is_read_as_what_it_is()
    {
        ParameterValue.Of(0.5).AsNumber().ShouldBe(0.5);
        ParameterValue.Of(3L).AsNumber().ShouldBe(3.0);
        ParameterValue.Of(3L).AsInteger().ShouldBe(3);
        ParameterValue.Of("hinge").AsText().ShouldBe("hinge");
        ParameterValue.Of(true).AsFlag().ShouldBeTrue();
        ParameterValue.Of(false).AsFlag().ShouldBeFalse();
    }

    [Fact]
    public void A_value_is_never_read_as_what_it_is_not()
    {
        Message(() => ParameterValue.Of("hinge").AsNumber()).ShouldBe("'hinge' is a Text, not a number");
        Message(() => ParameterValue.Of(true).AsNumber()).ShouldBe("'true' is a Flag, not a number");
        Message(() => ParameterValue.Of(3.0).AsInteger()).ShouldBe("'3' is a Number, not an integer");
        Message(() => ParameterValue.Of(3L).AsText()).ShouldBe("'3' is a Integer, not a text");
        Message(() => ParameterValue.Of(1L).AsFlag()).ShouldBe("'1' is a Integer, not a flag");

        static string Message(Func<object> read) => Should.Throw<InvalidOperationException>(read).Message;
    }
}
