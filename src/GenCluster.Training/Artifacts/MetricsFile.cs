using System.Globalization;
using System.Text;
using GenCluster.Core.Trials;

namespace GenCluster.Training.Artifacts;

/// <summary>The metrics of one step.</summary>
internal sealed record MetricsRow(int Step, IReadOnlyList<Metric> Metrics);

/// <summary>
/// Metrics as comma-separated values in long form: <c>step,name,value</c>. Numbers are written so that they read back
/// to the same bits, wherever the file is read. A name in quotes may hold anything but line breaks.
/// </summary>
internal static class MetricsFile
{
    public const string Header = "step,name,value\n";

    public static string Format(MetricsRow row)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in row.Metrics)
            text.Append(CultureInfo.InvariantCulture, $"{row.Step},{Quote(name)},{value:R}\n");
        return text.ToString();
    }

    /// <summary>Reads a file's text. A last line without its end is one that was being written when the writer died; it is left out.</summary>
    /// <exception cref="FormatException">A line is something else.</exception>
    public static List<MetricsRow> Parse(string text)
    {
        var rows = new List<MetricsRow>();
        var lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length > 0 && lines[0] + '\n' != Header)
            throw new FormatException($"line 1 is not '{Header.TrimEnd()}'");

        List<Metric> metrics = [];
        for (int i = 1; i < lines.Length; i++)
        {
            var (step, metric) = ParseLine(lines[i]) ?? throw new FormatException($"line {i + 1} is not a step, a name and a value");
            if (rows.Count == 0 || rows[^1].Step != step)
                rows.Add(new MetricsRow(step, metrics = []));
            metrics.Add(metric);
        }

        return rows;
    }

    private static (int Step, Metric Metric)? ParseLine(string line)
    {
        int first = line.IndexOf(','), last = line.LastIndexOf(',');
        if (first == last
            || !int.TryParse(line.AsSpan(0, first), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int step)
            || !double.TryParse(line.AsSpan(last + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
            return null;
        return (step, new Metric(Unquote(line[(first + 1)..last]), value));
    }

    private static string Quote(string name)
    {
        if (name.Any(char.IsControl))
            throw new ArgumentException($"the metric's name '{name}' has control characters; use letters, digits and dots", nameof(name));
        return name.AsSpan().ContainsAny(',', '"') ? $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : name;
    }

    private static string Unquote(string name) =>
        name is ['"', .. var inner, '"'] ? inner.Replace("\"\"", "\"", StringComparison.Ordinal) : name;
}
