using GenCluster.Configuration.Yaml;
using GenCluster.Core.Parameters;

namespace GenCluster.Configuration.Tests.Yaml;

public sealed class CoreSchemaTests
{
    public static TheoryData<string, ParameterValue?> Plain => new()
    {
        { "", null }, { "~", null }, { "null", null },
        { "true", ParameterValue.Of(true) }, { "false", ParameterValue.Of(false) },
        { "0", ParameterValue.Of(0) }, { "42", ParameterValue.Of(42) }, { "-7", ParameterValue.Of(-7) }, { "+7", ParameterValue.Of(7) },
        { "9223372036854775807", ParameterValue.Of(long.MaxValue) }, { "9223372036854775808", ParameterValue.Of(9223372036854775808.0) },
        { "1e-4", ParameterValue.Of(1e-4) }, { "1.0e-5", ParameterValue.Of(1e-5) }, { "1E5", ParameterValue.Of(1e5) }, { ".5", ParameterValue.Of(0.5) },
        { "5.", ParameterValue.Of(5.0) }, { "0.1", ParameterValue.Of(0.1) }, { "-0.5e+3", ParameterValue.Of(-500.0) },
    };

    [Theory]
    [MemberData(nameof(Plain))]
    public void A_plain_scalar_has_the_type_that_it_looks_like(string text, ParameterValue? value) => CoreSchema.Resolve(text).ShouldBe(value);

    [Theory]
    [InlineData("yes")]
    [InlineData("on")]
    [InlineData("True")]
    [InlineData("0x10")]
    [InlineData("0o17")]
    [InlineData("017")]
    [InlineData("-01.5")]
    [InlineData("1_000")]
    [InlineData("12:30:45")]
    [InlineData(".inf")]
    [InlineData("-.Inf")]
    [InlineData(".nan")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1e999")]
    [InlineData("1e")]
    [InlineData("e5")]
    [InlineData(".")]
    [InlineData("1 000")]
    [InlineData("1,000")]
    [InlineData("١٢")]
    [InlineData("100\n")]
    public void What_is_a_number_or_flag_only_to_some_readers_is_a_text(string text) => CoreSchema.Resolve(text).ShouldBe(ParameterValue.Of(text));

    [Theory]
    [InlineData("1")]
    [InlineData("true")]
    [InlineData("")]
    public void A_quoted_scalar_is_a_text(string text) => new ScalarNode(Place.Start, text, isPlain: false).Value.ShouldBe(ParameterValue.Of(text));
}
