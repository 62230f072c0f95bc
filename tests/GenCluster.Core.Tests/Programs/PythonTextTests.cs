using GenCluster.Core.Parameters;
using GenCluster.Core.Programs;

namespace GenCluster.Core.Tests.Programs;

public sealed class PythonTextTests
{
    // As Python 3 prints them: repr(value).
    [Theory]
    [InlineData(0.0, "0.0")]
    [InlineData(-0.0, "-0.0")]
    [InlineData(1.0, "1.0")]
    [InlineData(-2.5, "-2.5")]
    [InlineData(0.1, "0.1")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.00012345, "0.00012345")]
    [InlineData(0.00001, "1e-05")]
    [InlineData(1.5e-7, "1.5e-07")]
    [InlineData(2.5e-101, "2.5e-101")]
    [InlineData(123456.789, "123456.789")]
    [InlineData(1e15, "1000000000000000.0")]
    [InlineData(1.2345678901234568e15, "1234567890123456.8")]
    [InlineData(1e16, "1e+16")]
    [InlineData(1.7976931348623157e308, "1.7976931348623157e+308")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(double.NaN, "nan")]
    [InlineData(double.NegativeInfinity, "-inf")]
    public void A_number_is_written_as_Python_writes_it(double value, string text) => PythonText.Of(ParameterValue.Of(value)).ShouldBe(text);

    [Fact]
    public void Other_kinds_are_written_as_Python_writes_them()
    {
        PythonText.Of(ParameterValue.Of(64L)).ShouldBe("64");
        PythonText.Of(ParameterValue.Of(true)).ShouldBe("True");
        PythonText.Of(ParameterValue.Of(false)).ShouldBe("False");
        PythonText.Of(ParameterValue.Of("adam w")).ShouldBe("adam w");
    }

    [Fact]
    public void Settings_become_an_object_of_JSON()
    {
        var values = new Assignment(
        [
            new("lr", ParameterValue.Of(1e-5)), new("batch_size", ParameterValue.Of(32L)), new("nesterov", ParameterValue.Of(true)),
            new("optimizer.name", ParameterValue.Of("say \"sgd\"")),
        ]);

        PythonText.Json(values).ShouldBe("""{"batch_size": 32, "lr": 1e-05, "nesterov": true, "optimizer.name": "say \u0022sgd\u0022"}""");
        PythonText.Json(Assignment.Empty).ShouldBe("{}");
        PythonText.WandbConfig(new Assignment([values.Settings[1]])).ShouldBe("""{"wandb_version": 1, "lr": {"value": 1e-05}}""");
    }
}
