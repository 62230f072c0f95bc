using System.Globalization;
using System.Text.RegularExpressions;
using GenCluster.Configuration.Diagnostics;
using GenCluster.Core.Parameters;

namespace GenCluster.Configuration.Yaml;

/// <summary>
/// What a plain scalar means: the core schema of YAML 1.2 (section 10.3.2), without what surprises people. Numbers are
/// decimal and finite, have no leading zeros (<c>010</c> is 8 to some readers and 10 to others) and no underscores;
/// <c>yes</c> and <c>on</c> are texts.
/// </summary>
internal static partial class CoreSchema
{
    public static bool IsNull(string plain) => plain is "" or "~" or "null" or "Null" or "NULL";

    public static ParameterValue? Resolve(string plain)
    {
        if (IsNull(plain))
            return null;
        if (plain is "true" or "false")
            return ParameterValue.Of(plain is "true");
        if (plain.Length > 64 || LeadingZero().IsMatch(plain))
            return ParameterValue.Of(plain);
        if (Integer().IsMatch(plain) && long.TryParse(plain, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long integer))
            return ParameterValue.Of(integer);
        return Real().IsMatch(plain) && double.Parse(plain, NumberStyles.Float, CultureInfo.InvariantCulture) is var number && double.IsFinite(number)
            ? ParameterValue.Of(number)
            : ParameterValue.Of(plain);
    }

    /// <summary>The scalar in words, with a hint where a number was probably meant.</summary>
    public static string Describe(ScalarNode scalar) => scalar switch
    {
        { IsNull: true } => "nothing",
        { Value: { Kind: not ParameterKind.Text } } => scalar.Text,
        { IsPlain: false } when Resolve(scalar.Text) is { Kind: ParameterKind.Integer or ParameterKind.Number } =>
            $"the text {Shown.Quoted(scalar.Text)} (without quotes it is a number)",
        { IsPlain: true } when LeadingZero().IsMatch(scalar.Text) => $"the text {Shown.Quoted(scalar.Text)} (numbers have no leading zeros)",
        { IsPlain: true } when NotFinite().IsMatch(scalar.Text) || Real().IsMatch(scalar.Text) =>
            $"the text {Shown.Quoted(scalar.Text)} (numbers are finite)",
        { IsPlain: true } when OtherBase().IsMatch(scalar.Text) => $"the text {Shown.Quoted(scalar.Text)} (numbers are decimal)",
        _ => $"the text {Shown.Quoted(scalar.Text)}",
    };

    [GeneratedRegex(@"^[-+]?[0-9]+\z")]
    private static partial Regex Integer();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex Real();

    [GeneratedRegex(@"^[-+]?0[0-9]")]
    private static partial Regex LeadingZero();

    [GeneratedRegex(@"^[-+]?\.?(inf|nan|infinity)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NotFinite();

    [GeneratedRegex(@"^[-+]?(0[xob][0-9a-f_]+|[0-9][0-9_]*)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex OtherBase();
}
