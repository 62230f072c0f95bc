using System.Data.Common;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using GenCluster.Actors.Persistence;

namespace GenCluster.Cli.Support;

/// <summary>Takes secrets out of texts: those that are known, and whatever looks like one.</summary>
internal sealed partial class Redaction
{
    private const string Hidden = "***";
    private const int ShortestSecret = 4; // a shorter one would be found everywhere, and tell itself by that

    private readonly string[] secrets;

    /// <param name="secrets">Values that must appear nowhere.</param>
    public Redaction(IEnumerable<string> secrets)
    {
        this.secrets = [.. secrets.Where(s => s.Length >= ShortestSecret).SelectMany(Spellings).Distinct(StringComparer.Ordinal).OrderByDescending(s => s.Length)];
    }

    /// <summary>Knows the database's own secrets, and those of the process's environment.</summary>
    public static Redaction For(JournalDatabase? database, IReadOnlyDictionary<string, string> environment) => new(
        (database is JournalDatabase.Postgres postgres ? PasswordsOf(postgres.ConnectionString) : [])
            .Concat(environment.Where(v => IsSecretName(v.Key)).Select(v => v.Value))
            .Concat(environment.Where(v => v.Key == DatabaseFile.Variable).SelectMany(v => PasswordsOf(v.Value))));

    /// <summary>Whether the value of such a name is nobody's business.</summary>
    public static bool IsSecretName(string name) => SecretName().IsMatch(name);

    public string Apply(string text)
    {
        foreach (string secret in secrets)
            text = text.Replace(secret, Hidden, StringComparison.Ordinal);
        text = Token().Replace(UserInfo().Replace(text, "$1" + Hidden + "@"), Hidden);
        return Assigned().Replace(text, "$1" + Hidden);
    }

    /// <summary>As it is, and as it stands in JSON, be its writer strict or not.</summary>
    private static string[] Spellings(string secret) =>
        [secret, JsonEncodedText.Encode(secret).Value, JsonEncodedText.Encode(secret, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value];

    private static string[] PasswordsOf(string connection)
    {
        try
        {
            var parts = new DbConnectionStringBuilder { ConnectionString = connection };
            return [.. parts.Keys.Cast<string>().Where(IsSecretName).Select(key => $"{parts[key]}")];
        }
        catch (ArgumentException)
        {
            return [connection]; // what cannot be taken apart is hidden as a whole
        }
    }

    [GeneratedRegex("passw|pwd|secret|token|credential|api.?key|access.?key|private.?key|authorization", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    [GeneratedRegex(@"([a-z][a-z0-9+.-]*://)[^/\s@""']+@", RegexOptions.IgnoreCase)]
    private static partial Regex UserInfo();

    /// <summary>Ours, and signed ones.</summary>
    [GeneratedRegex(@"gct_[\w-]{20,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*")]
    private static partial Regex Token();

    [GeneratedRegex(@"((?:passw(?:or)?d|pwd|secret|token|credential|api.?key|access.?key|private.?key|authorization)[\w-]*""?\s*[=:]\s*(?:""|'|bearer\s+|basic\s+)?)[^\s;,""'}]+", RegexOptions.IgnoreCase)]
    private static partial Regex Assigned();
}
