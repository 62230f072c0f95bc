using System.Globalization;
using System.Text;

namespace GenCluster.Configuration.Diagnostics;

/// <summary>
/// Text of a file as a message may show it: quoted, cut short, and with everything escaped that could move a
/// terminal's cursor or hide what is written (control, format and lone surrogate characters).
/// </summary>
internal static class Shown
{
    private const int Longest = 60;

    public static string Quoted(string text)
    {
        var shown = new StringBuilder("'");
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length > Longest)
            {
                shown.Append('…');
                break;
            }

            if (IsHarmless(rune))
                shown.Append(rune);
            else
                shown.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
        }

        return shown.Append('\'').ToString();
    }

    /// <summary>A list in a sentence: <c>a, b and c</c>.</summary>
    public static string All(IReadOnlyList<string> names) =>
        names.Count < 2 ? string.Concat(names) : $"{string.Join(", ", names.Take(names.Count - 1))} and {names[^1]}";

    public static bool IsHarmless(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned) && rune != Rune.ReplacementChar;
}
