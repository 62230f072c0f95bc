using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace GenCluster.Configuration.Access;

/// <summary>One who may call, and by what token.</summary>
/// <param name="Sha256">Of the token's characters. Tokens are random and 256 bits long, so there is nothing to guess and a slow hash would protect nothing.</param>
public sealed record TokenEntry(string Name, Role Role, ImmutableArray<byte> Sha256);

/// <summary>What came of reading a file of tokens.</summary>
/// <param name="Mistakes">All of them, each with its line; when there is one, the entries do not count.</param>
public sealed record TokenList(ImmutableArray<TokenEntry> Entries, IReadOnlyList<string> Mistakes)
{
    private const int MaxEntries = 1_000;

    /// <summary>Whose token it is; null: nobody's.</summary>
    /// <remarks>Looks at every entry, however early one fits, so that the time it takes tells nothing.</remarks>
    public TokenEntry? Find(string token)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(token), hash);
        TokenEntry? found = null;
        foreach (var entry in Entries)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, entry.Sha256.AsSpan()))
                found = entry;
        }

        return found;
    }

    /// <summary>Reads the text of a file: a line <c>NAME ROLE SHA256</c> for each token; empty lines and those that begin with # do not count.</summary>
    /// <param name="file">The name that mistakes carry; nothing is opened.</param>
    public static TokenList Parse(string file, string text)
    {
        var entries = ImmutableArray.CreateBuilder<TokenEntry>();
        List<string> mistakes = [];
        int number = 0;
        foreach (string line in text.Split('\n').Select(l => l.Trim()))
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (TokenLine.Read(line, entries, out string mistake) is { } entry)
                entries.Add(entry);
            else
                mistakes.Add($"{file}:{number}: {mistake}");
        }

        if (entries.Count > MaxEntries)
            mistakes.Add($"{file}: {entries.Count} tokens; at most {MaxEntries} are allowed");
        return new TokenList(entries.ToImmutable(), mistakes);
    }
}

/// <summary>A line of a file of tokens. What is wrong with one is said without showing it: a secret may stand there by mistake.</summary>
public static partial class TokenLine
{
    /// <summary>What a name may be, in words.</summary>
    public const string NameMeaning = "1 to 64 letters, digits, dots, hyphens and underscores, with a letter or digit first";

    public static bool IsName(string name) => NamePattern().IsMatch(name);

    public static string Write(TokenEntry entry) => $"{entry.Name} {Roles.NameOf(entry.Role)} {Convert.ToHexStringLower(entry.Sha256.AsSpan())}";

    internal static TokenEntry? Read(string line, IReadOnlyCollection<TokenEntry> before, out string mistake)
    {
        string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words is not [var name, var roleName, var hash])
        {
            mistake = $"{words.Length} words; write NAME ROLE SHA256, as 'gencluster token new' prints it";
            return null;
        }

        var role = Roles.Find(roleName);
        mistake = (IsName(name), role, HashPattern().IsMatch(hash)) switch
        {
            (false, _, _) => $"the first word is no name; write {NameMeaning}",
            (_, null, _) => $"the second word is no role; write one of {string.Join(", ", Roles.Names)}",
            (_, _, false) => "the third word is no SHA-256; write its 64 hexadecimal digits, and never the token itself",
            _ when before.Any(e => e.Name == name) => $"'{name}' has a token already; give each token a name of its own",
            _ when before.Any(e => e.Sha256.AsSpan().SequenceEqual(Convert.FromHexString(hash))) => $"'{name}' has the same token as another line; each needs its own",
            _ => "",
        };
        return mistake.Length == 0 ? new TokenEntry(name, role!.Value, [.. Convert.FromHexString(hash)]) : null;
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"^[0-9a-fA-F]{64}\z")]
    private static partial Regex HashPattern();
}
