namespace GenCluster.Actors.Protocol;

/// <summary>Sentences for people that cross between processes: short, and without control characters, which a terminal would obey.</summary>
internal static class Talk
{
    public const int MaxLength = 2_000;

    private const string Cut = " ...";

    /// <summary>The sentence as it may be sent.</summary>
    public static string Plain(string text)
    {
        string plain = string.Create(Math.Min(text.Length, MaxLength), text, static (span, from) =>
        {
            for (int i = 0; i < span.Length; i++)
                span[i] = char.IsControl(from[i]) ? ' ' : from[i];
        });
        return text.Length > MaxLength ? plain[..^Cut.Length] + Cut : plain;
    }

    public static bool IsPlain(string text) => text.Length <= MaxLength && !text.Any(char.IsControl);
}
