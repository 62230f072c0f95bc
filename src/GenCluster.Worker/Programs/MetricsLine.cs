using System.Globalization;
using System.Text;
using System.Text.Json;
using GenCluster.Core.Trials;

namespace GenCluster.Worker.Programs;

/// <summary>
/// Reads what a line says of metrics: an object of JSON, as W&amp;B and Katib's JSON collector have it, or Katib's
/// <c>name=value</c> anywhere in a text. A line that says nothing of the kind is no mistake.
/// </summary>
internal static class MetricsLine
{
    /// <summary>Members of an object, and pairs of a text, that are looked at.</summary>
    public const int MaxValues = 512;

    private const int MaxName = 128;
    private const int MaxDepth = 4;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 16 };
    private static readonly string[] NotFinite = ["NaN", "-Infinity", "Infinity"];

    /// <returns>In the order of the line; empty when there are none.</returns>
    public static IReadOnlyList<Metric> Read(string line)
    {
        var text = line.AsSpan().Trim();
        if (text is ['{', .., '}'])
            return ReadObject(text.ToString()) ?? [];
        return text.Contains('=') ? ReadText(text) : [];
    }

    /// <returns>Null for what is no object of JSON.</returns>
    public static IReadOnlyList<Metric>? ReadObject(string text)
    {
        var metrics = new List<Metric>();
        foreach (string candidate in (string[])[text, Quoted(text)]) // Python writes NaN and Infinity, which are none of JSON's
        {
            try
            {
                using var document = JsonDocument.Parse(candidate, Options);
                if (document.RootElement.ValueKind is not JsonValueKind.Object)
                    return null;
                Add("", document.RootElement, 0, metrics);
                return metrics;
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter for half of a surrogate pair
            {
            }
        }

        return null;
    }

    /// <summary>A number as programs print it; also NaN and infinities.</summary>
    public static double? Number(ReadOnlySpan<char> text)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
            return value;
        return text.TrimStart("+-") switch
        {
            var rest when rest.Equals("nan", StringComparison.OrdinalIgnoreCase) => double.NaN,
            var rest when rest.Equals("inf", StringComparison.OrdinalIgnoreCase) || rest.Equals("infinity", StringComparison.OrdinalIgnoreCase) =>
                text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity,
            _ => null,
        };
    }

    private static void Add(string prefix, JsonElement element, int depth, List<Metric> metrics)
    {
        foreach (var member in element.EnumerateObject())
        {
            string name = prefix + member.Name;
            if (metrics.Count == MaxValues)
                return;
            if (member.Value.ValueKind is JsonValueKind.Object && depth < MaxDepth)
                Add(name + ".", member.Value, depth + 1, metrics);
            else if (ValueOf(member.Value) is { } value && IsName(name))
                metrics.Add(new Metric(name, value));
        }
    }

    private static double? ValueOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        JsonValueKind.String => Number(value.GetString()), // Katib's values are texts
        _ => null,
    };

    private static List<Metric> ReadText(ReadOnlySpan<char> text)
    {
        var metrics = new List<Metric>();
        for (int at = text.IndexOf('='), next; at >= 0 && metrics.Count < MaxValues; at = next)
        {
            int more = text[(at + 1)..].IndexOf('=');
            next = more < 0 ? -1 : at + 1 + more;
            string name = NameBefore(text[..at]);
            if (IsName(name) && ValueAfter(text[(at + 1)..]) is { } value)
                metrics.Add(new Metric(name, value));
        }

        return metrics;
    }

    private static string NameBefore(ReadOnlySpan<char> text)
    {
        text = text.TrimEnd(' ');
        int from = text.Length;
        while (from > 0 && text.Length - from <= MaxName && (char.IsLetterOrDigit(text[from - 1]) || "_-|/.@".Contains(text[from - 1], StringComparison.Ordinal)))
            from--;
        return text[from..].ToString();
    }

    private static double? ValueAfter(ReadOnlySpan<char> text)
    {
        text = text.TrimStart(' ');
        int to = 0;
        while (to < text.Length && to < 64 && (char.IsAsciiLetterOrDigit(text[to]) || text[to] is '.' or '+' or '-'))
            to++;
        return to == 0 ? null : Number(text[..to].TrimEnd('.'));
    }

    public static bool IsName(string name) => name.Length is > 0 and <= MaxName && !name.Any(char.IsControl);

    /// <summary>The text with bare NaN and infinities in quotes.</summary>
    private static string Quoted(string text)
    {
        var result = new StringBuilder(text.Length + 16);
        bool inText = false;
        for (int i = 0; i < text.Length; i++)
        {
            string? word = inText ? null : NotFinite.FirstOrDefault(w => string.CompareOrdinal(text, i, w, 0, w.Length) == 0);
            if (word is not null)
            {
                result.Append('"').Append(word).Append('"');
                i += word.Length - 1;
                continue;
            }

            if (inText && text[i] == '\\' && i + 1 < text.Length)
                result.Append(text[i++]);
            else if (text[i] == '"')
                inText = !inText;
            result.Append(text[i]);
        }

        return result.ToString();
    }
}
