using System.Globalization;
using System.Text.RegularExpressions;
using GenCluster.Core.Parameters;

namespace GenCluster.Configuration.Yaml;

/// <summary>
/// What a scalar means to tools that read YAML 1.1, as most do: <c>True</c> and <c>yes</c> are flags, <c>1_000</c>,
/// <c>0x10</c> and <c>010</c> are integers. <c>1e-4</c> is a text to PyYAML, for want of a point, and a number to all others:
/// it is read as the number that was meant.
/// </summary>
internal static partial class Yaml11
{
    private const int Longest = 64;

    /// <summary>The value; null when nothing is written, or <c>null</c>.</summary>
    public static ParameterValue? Resolve(ScalarNode scalar)
    {
        if (scalar.IsNull)
            return null;
        string text = scalar.Text;
        if (!scalar.IsPlain || text.Length > Longest)
            return ParameterValue.Of(text);
        if (FlagOf(text) is { } flag)
            return ParameterValue.Of(flag);
        if (IntegerOf(text) is { } integer)
            return ParameterValue.Of(integer);
        return NumberOf(text) is { } number ? ParameterValue.Of(number) : ParameterValue.Of(text);
    }

    /// <summary>Whether PyYAML takes the scalar for a text, although it is a number to everybody else.</summary>
    public static bool IsTextToPython(ScalarNode scalar) => scalar.IsPlain && scalar.Text.Length <= Longest && NoPointOrSign().IsMatch(scalar.Text);

    /// <summary>Whether the scalar is one of the words that are flags in YAML 1.1 only.</summary>
    public static bool IsWordForFlag(ScalarNode scalar) =>
        scalar.IsPlain && FlagOf(scalar.Text) is not null && !scalar.Text.Equals("true", StringComparison.OrdinalIgnoreCase)
        && !scalar.Text.Equals("false", StringComparison.OrdinalIgnoreCase);

    /// <summary>A number that is written as a text, as in Katib's files.</summary>
    public static double? NumberOf(string text) =>
        Real().IsMatch(text) && double.Parse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture) is var number
        && double.IsFinite(number) ? number : null;

    public static long? IntegerOf(string text)
    {
        bool negative = text.StartsWith('-');
        string digits = text.TrimStart('+', '-').Replace("_", "", StringComparison.Ordinal);
        if (text.Length == 0 || !Integer().IsMatch(text))
            return null;
        decimal? magnitude = digits switch
        {
            ['0', 'x' or 'X', ..] => Based(digits[2..], 16),
            ['0', 'b' or 'B', ..] => Based(digits[2..], 2),
            ['0', 'o', ..] => Based(digits[2..], 8),
            ['0', _, ..] => Based(digits[1..], 8),
            _ => decimal.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out decimal value) ? value : null,
        };
        decimal? signed = negative ? -magnitude : magnitude;
        return signed is >= long.MinValue and <= long.MaxValue ? (long)signed : null;
    }

    private static decimal? Based(string digits, int radix)
    {
        decimal value = 0;
        foreach (char digit in digits)
        {
            if (value > long.MaxValue)
                return null;
            value = value * radix + Convert.ToInt32(digit.ToString(), 16);
        }

        return value;
    }

    private static bool? FlagOf(string text) => text switch
    {
        "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" => true,
        "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" => false,
        _ => null,
    };

    [GeneratedRegex(@"^[-+]?(0x[0-9a-fA-F_]+|0b[01_]+|0o[0-7_]+|0[0-7_]*|[1-9][0-9_]*)\z")]
    private static partial Regex Integer();

    [GeneratedRegex(@"^[-+]?(\.[0-9][0-9_]*|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex Real();

    [GeneratedRegex(@"^[-+]?([0-9][0-9_]*[eE][-+]?[0-9]+|([0-9][0-9_]*\.[0-9_]*|\.[0-9_]+)[eE][0-9]+)\z")]
    private static partial Regex NoPointOrSign();
}
