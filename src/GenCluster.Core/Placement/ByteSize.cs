using System.Globalization;

namespace GenCluster.Core.Placement;

/// <summary>Sizes of memory as people write them: a number and a binary unit, e.g. <c>512MiB</c> or <c>1.5GiB</c>.</summary>
public static class ByteSize
{
    /// <summary>What may be written, in words that follow "write".</summary>
    public const string Allowed = "a size like 512MiB or 1.5GiB";

    /// <summary>1024 TiB.</summary>
    public const long Max = 1L << 50;

    private static readonly string[] Units = ["KiB", "MiB", "GiB", "TiB"];

    /// <summary>The size in bytes, above 0 and at most 1024 TiB; null when it is written otherwise.</summary>
    public static long? Parse(string text)
    {
        int unit = Array.FindIndex(Units, u => text.EndsWith(u, StringComparison.Ordinal));
        if (unit < 0 || !decimal.TryParse(text.AsSpan(0, text.Length - 3), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number))
            return null;
        decimal bytes = number > Max ? 0 : number * (1L << (10 * (unit + 1)));
        return bytes is >= 1 and <= Max ? (long)bytes : null;
    }

    /// <summary>The size in the largest unit that leaves a number of at least 1, with at most one digit after the point.</summary>
    public static string Text(long bytes)
    {
        int unit = Array.FindLastIndex(Units, u => bytes >= 1L << (10 * (Array.IndexOf(Units, u) + 1)));
        return unit < 0
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes")
            : string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << (10 * (unit + 1))):0.#}{Units[unit]}");
    }
}
