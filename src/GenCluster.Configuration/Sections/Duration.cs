using System.Globalization;
using System.Text.RegularExpressions;
using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;

namespace GenCluster.Configuration.Sections;

/// <summary>Spans of time as people write them: <c>90s</c>, <c>1h30m</c>, <c>2d</c>.</summary>
internal static partial class Duration
{
    public const string Allowed = "a duration in days, hours, minutes and seconds, like 90s, 1h30m, 8h or 1d";

    public static Regex Pattern => Form();

    /// <summary>The seconds at the key; 0 when there is nothing, or not known.</summary>
    public static long Read(Section section, TextKey key, long most, long least = 0)
    {
        if (section.Text(key) is not { } text)
            return 0;
        long seconds = Seconds(text);
        if (seconds >= least && seconds <= most)
            return seconds;
        section.Error(DiagnosticCodes.OutOfRange, key, $"got {Shown.Quoted(text)}; write {(seconds < least ? $"at least {least}s" : $"at most {Text(most)}")}");
        return 0;
    }

    /// <summary>Of a text of the pattern.</summary>
    public static long Seconds(string text)
    {
        var parts = Form().Match(text).Groups;
        return Part("d", 86_400) + Part("h", 3_600) + Part("m", 60) + Part("s", 1);

        long Part(string unit, long seconds) => parts[unit].Success ? seconds * long.Parse(parts[unit].Value, CultureInfo.InvariantCulture) : 0;
    }

    private static string Text(long seconds) => seconds % 86_400 == 0 ? $"{seconds / 86_400}d" : $"{seconds / 3_600}h";

    [GeneratedRegex(@"^(?=[0-9])((?<d>[0-9]{1,5})d)?((?<h>[0-9]{1,5})h)?((?<m>[0-9]{1,5})m)?((?<s>[0-9]{1,6})s)?\z")]
    private static partial Regex Form();
}
