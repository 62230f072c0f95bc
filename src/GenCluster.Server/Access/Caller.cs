using System.Globalization;
using System.Text;
using GenCluster.Configuration.Access;
using Microsoft.AspNetCore.Http;

namespace GenCluster.Server.Access;

/// <summary>Who calls.</summary>
/// <param name="Name">Of printable characters without spaces and brackets, so that nothing else can be read into it.</param>
/// <param name="Role">Null: they are known, and may do nothing.</param>
/// <param name="IsKnown">False: there is no authentication, and the name is what the client says of itself.</param>
internal sealed record Caller(string Name, Role? Role, bool IsKnown = true)
{
    public const string ReasonHeader = "GenCluster-Reason";

    private const string NameHeader = "GenCluster-User";
    private const string Nobody = "api";
    private const int MaxName = 256;
    private const int MaxClaimedName = 100;
    private const int MaxReason = 200;
    private const string Plain = "._:@/+-";

    /// <summary>One whom a provider calls so: what is no plain character becomes %XX. Null: too long for a name.</summary>
    public static Caller? Of(string name, Role? role)
    {
        var plain = new StringBuilder();
        foreach (byte b in Encoding.UTF8.GetBytes(name))
            _ = char.IsAsciiLetterOrDigit((char)b) || Plain.Contains((char)b, StringComparison.Ordinal) ? plain.Append((char)b) : plain.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        return plain.Length is > 0 and <= MaxName ? new Caller(plain.ToString(), role) : null;
    }

    /// <summary>Whoever it is, where there is no authentication.</summary>
    public static Caller Anybody(HttpRequest request)
    {
        string named = request.Headers[NameHeader].ToString();
        bool isFit = named.Length is > 0 and <= MaxClaimedName && !named.Any(char.IsControl);
        return new Caller(isFit ? named : Nobody, Configuration.Access.Role.Admin, IsKnown: false);
    }

    /// <summary>Who asks, and why if they say so: for the journal.</summary>
    /// <exception cref="BadHttpRequestException">The reason is none that can be kept.</exception>
    public static string AskerOf(HttpContext context)
    {
        string name = context.Features.Get<Caller>()?.Name ?? Nobody;
        return ReasonOf(context.Request) is { } reason ? $"{name} ({reason})" : name;
    }

    /// <summary>Why they ask; null: they do not say.</summary>
    /// <exception cref="BadHttpRequestException">It is none that can be kept.</exception>
    public static string? ReasonOf(HttpRequest request)
    {
        string reason = request.Headers[ReasonHeader].ToString();
        if (reason.Length > MaxReason || reason.Any(c => char.IsControl(c) || char.IsSurrogate(c)))
            throw new BadHttpRequestException($"{ReasonHeader} is a sentence of at most {MaxReason} printable characters");
        return reason.Length == 0 ? null : reason;
    }
}
