using System.Globalization;

namespace GenCluster.Cli.Watching;

/// <summary>Numbers and durations, short enough for a table. Never for files: those get every digit.</summary>
internal static class Numbers
{
    /// <summary>With so many significant digits; plain where that is short, else with an exponent.</summary>
    public static string Significant(double value, int digits)
    {
        if (!double.IsFinite(value))
            return double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        if (value == 0)
            return "0";
        int magnitude = (int)Math.Floor(Math.Log10(Math.Abs(value)));
        if (magnitude < -4 || magnitude > 6)
            return value.ToString("0." + new string('#', digits - 1) + "e0", CultureInfo.InvariantCulture);
        return value.ToString("F" + Math.Max(0, digits - 1 - magnitude), CultureInfo.InvariantCulture);
    }

    /// <summary>With at most four significant digits and no zeros at the end.</summary>
    public static string Short(double value)
    {
        string text = Significant(value, 4);
        return text.Contains('.', StringComparison.Ordinal) && !text.Contains('e', StringComparison.Ordinal) ? text.TrimEnd('0').TrimEnd('.') : text;
    }

    /// <summary><c>8s</c>, <c>4m05s</c>, <c>2h10m</c>, <c>3d04h</c>.</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalSeconds}s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes}m{time.Seconds:00}s"),
        { TotalDays: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}h{time.Minutes:00}m"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalDays}d{time.Hours:00}h"),
    };
}
