using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Parameters;

namespace GenCluster.Configuration.Exporters;

/// <summary>
/// Writes maps as YAML that every reader understands alike, of YAML 1.1 and 1.2: numbers have a point and their exponents a
/// sign, texts that could be anything else are quoted. What fits on a line stands on one.
/// </summary>
internal static partial class YamlText
{
    private const int Width = 120;

    public static string Write(YamlMap root)
    {
        var text = new StringBuilder();
        WriteMap(root, 0, text);
        return text.ToString();
    }

    public static string Scalar(object value) => value switch
    {
        string text => Quoted(text),
        ParameterValue { Kind: ParameterKind.Text } word => Quoted(word.AsText()),
        ParameterValue { Kind: ParameterKind.Number } number => Number(number.Number),
        ParameterValue other => other.ToString(),
        _ => throw new ArgumentOutOfRangeException(nameof(value), value, "no scalar"),
    };

    private static void WriteMap(YamlMap map, int indent, StringBuilder text)
    {
        foreach (var (key, value) in map)
        {
            text.Append(' ', indent).Append(Quoted(key)).Append(':');
            WriteValue(value, indent, Quoted(key).Length + 2, text);
        }
    }

    private static void WriteValue(object value, int indent, int taken, StringBuilder text)
    {
        string? flow = indent > 0 || value is not YamlMap ? Flow(value) : value is YamlMap { Count: 0 } ? "{}" : Flow(value);
        if (flow is not null && indent + taken + flow.Length <= Width)
        {
            text.Append(' ').Append(flow).Append('\n');
            return;
        }

        if (value is YamlMap map)
        {
            text.Append('\n');
            WriteMap(map, indent + 2, text);
        }
        else if (value is IReadOnlyList<object> list)
        {
            text.Append('\n');
            WriteList(list, indent + 2, text);
        }
        else
            text.Append(' ').Append(Scalar(value)).Append('\n');
    }

    private static void WriteList(IReadOnlyList<object> list, int indent, StringBuilder text)
    {
        foreach (object item in list)
        {
            text.Append(' ', indent).Append('-');
            if (item is YamlMap { Count: > 0 } map && !(Flow(map) is { } flow && indent + 2 + flow.Length <= Width))
            {
                var inner = new StringBuilder();
                WriteMap(map, indent + 2, inner);
                text.Append(' ').Append(inner.ToString().AsSpan(indent + 2));
            }
            else
                WriteValue(item, indent, 2, text);
        }
    }

    /// <summary>The value on one line; null where maps are in maps, which read badly so.</summary>
    private static string? Flow(object value) => value switch
    {
        YamlMap map => map.Any(e => e.Value is YamlMap) || map.Select(e => Flow(e.Value)).Contains(null) ? null
            : $"{{{string.Join(", ", map.Select(e => $"{Quoted(e.Key)}: {Flow(e.Value)}"))}}}",
        IReadOnlyList<object> list => list.Any(i => i is YamlMap) || list.Select(Flow).Contains(null) ? null : $"[{string.Join(", ", list.Select(Flow))}]",
        _ => Scalar(value),
    };

    /// <summary>With a point and a signed exponent, so that it is a number in YAML 1.1 too.</summary>
    private static string Number(double value)
    {
        string shortest = value.ToString("R", CultureInfo.InvariantCulture);
        int exponent = shortest.IndexOf('E', StringComparison.Ordinal);
        if (exponent < 0)
            return shortest.Contains('.', StringComparison.Ordinal) ? shortest : $"{shortest}.0";
        string mantissa = shortest[..exponent];
        return $"{(mantissa.Contains('.', StringComparison.Ordinal) ? mantissa : mantissa + ".0")}e{shortest[(exponent + 1)..]}";
    }

    private static string Quoted(string text)
    {
        bool isPlain = PlainText().IsMatch(text) && Yaml11.Resolve(new ScalarNode(Place.Start, text, isPlain: true)) is { Kind: ParameterKind.Text }
            && text is not ("y" or "Y" or "n" or "N");
        if (isPlain)
            return text;
        var quoted = new StringBuilder("\"");
        foreach (char c in text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\t' => "\\t",
                '\r' => "\\r",
                _ when char.IsControl(c) || c is '\u2028' or '\u2029' or '\ufeff' or > '\ufffd' => null,
                _ => c.ToString(),
            } ?? $"\\u{(int)c:x4}");
        }

        return quoted.Append('"').ToString();
    }

    [GeneratedRegex(@"^[A-Za-z_/$][A-Za-z0-9_./$+-]*( [A-Za-z0-9_./$+-]+)*\z")]
    private static partial Regex PlainText();
}
