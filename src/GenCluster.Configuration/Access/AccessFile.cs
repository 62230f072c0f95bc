using System.Collections.Immutable;
using System.Text.RegularExpressions;
using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Configuration.Yaml;

namespace GenCluster.Configuration.Access;

/// <summary>What came of reading a file of access rules.</summary>
/// <param name="Rules">Null when there is an error.</param>
/// <param name="Diagnostics">All mistakes, by position.</param>
public sealed record AccessFileResult(AccessRules? Rules, IReadOnlyList<Diagnostic> Diagnostics);

/// <summary>Reads an operator's file of who may do what, in the way of <see cref="SweepFile"/>.</summary>
public static partial class AccessFile
{
    private static readonly TextKey Kind = new("kind", "What the file describes.") { Choices = ["Access"], Required = true };
    private static readonly TextKey Audience = new("audience", "The audience that tokens must be made for.") { Default = AccessRules.DefaultAudience };
    private static readonly TextKey Server = Address("server", "The API server; default: that of the cluster that the process runs in.");
    private static readonly TextKey TokenFile = PathKey("tokenFile", "A file with the credential for the API server.");
    private static readonly TextKey CaFile = PathKey("caFile", "A file with the certificates of the API server's authority.");
    private static readonly TextKey Authority = Address("authority", "The issuer of the tokens.") with { Required = true };
    private static readonly TextKey NameClaim = new("nameClaim", "The claim that callers are called by.") { Default = "sub" };
    private static readonly TextKey RoleClaim = new("roleClaim", "The claim with what gives a role; a dotted path leads into objects.") { Default = "roles" };

    private static readonly TextKey Subject = new("subject", "A property of callers.");
    private static readonly ListKey Admins = new("admin", "Who does everything.", Subject);
    private static readonly ListKey Submitters = new("submitter", "Who submits sweeps and changes them.", Subject);
    private static readonly ListKey Viewers = new("viewer", "Who sees everything.", Subject);
    private static readonly MapKey RoleKeys = new("roles", "Who has which role.", new SectionSchema(Admins, Submitters, Viewers)) { Required = true };

    private static readonly MapKey Kubernetes = new("kubernetes", "Callers that a Kubernetes API server knows.", new SectionSchema(Audience, Server, TokenFile, CaFile, RoleKeys));
    private static readonly MapKey Oidc = new("oidc", "Callers that an OpenID provider knows.", new SectionSchema(Authority, Audience, NameClaim, RoleClaim, RoleKeys));

    private static readonly ListKey Arguments = new("command", "The program and its arguments, as sweep files have them.", new TextKey("argument", "An argument.")) { Required = true };
    private static readonly TextKey Program = new("program", "What sweep files must have as program; default: none.");
    private static readonly TextKey Folder = new("workingDirectory", "What sweep files must have as workingDirectory; default: none.");
    private static readonly ListKey Variables = new("environment", "Names of variables that sweep files may set.", new TextKey("name", "A name."));
    private static readonly SectionSchema CommandSchema = new(Arguments, Program, Folder, Variables);

    private static readonly ListKey Commands = new(
        "commands", "Programs that may be trials of those who are no admins.", new FreeKey("command", "A program.", CommandSchema.Allowed));

    private static readonly SectionSchema Schema = new(SweepSchema.ApiVersion, Kind, Kubernetes, Oidc, Commands);

    /// <summary>Reads the bytes of a file.</summary>
    /// <param name="fileName">The name that diagnostics carry; nothing is opened.</param>
    public static AccessFileResult Parse(string fileName, ReadOnlySpan<byte> utf8)
    {
        var diagnostics = new DiagnosticList(fileName);
        var root = SourceText.Decode(utf8, diagnostics) is { } text ? NodeReader.Read(text, diagnostics) : null;
        var rules = root is null ? null : Read(root, diagnostics);
        return new AccessFileResult(diagnostics.HasErrors ? null : rules, diagnostics.Sorted());
    }

    private static AccessRules Read(Node root, DiagnosticList diagnostics)
    {
        var file = Section.Open(Schema, "", root, root.Place, diagnostics);
        _ = (file.Text(SweepSchema.ApiVersion), file.Text(Kind));
        return new AccessRules(
            file.Has(Kubernetes) ? ReadKubernetes(file.Child(Kubernetes), diagnostics) : null,
            file.Has(Oidc) ? ReadOidc(file.Child(Oidc), diagnostics) : null,
            [.. file.Items(Commands).Select((item, i) => ReadCommand(Section.Open(CommandSchema, $"commands[{i + 1}]", item, item.Place, diagnostics), diagnostics))]);
    }

    private static KubernetesRules ReadKubernetes(Section section, DiagnosticList diagnostics)
    {
        var roles = ReadRoles(section.Child(RoleKeys), KubernetesSubject().IsMatch, "write user:NAME, group:NAME or namespace:NAME", diagnostics);
        return new KubernetesRules(section.Text(Audience) ?? "", AddressAt(section, Server), section.Text(TokenFile), section.Text(CaFile), roles);
    }

    private static OidcRules? ReadOidc(Section section, DiagnosticList diagnostics)
    {
        var roles = ReadRoles(section.Child(RoleKeys), static _ => true, "", diagnostics);
        string audience = section.Text(Audience) ?? "", name = section.Text(NameClaim) ?? "", role = section.Text(RoleClaim) ?? "";
        var authority = AddressAt(section, Authority);
        if (authority is { Scheme: "http", IsLoopback: false })
            section.Error(DiagnosticCodes.BadText, Authority, $"got {Shown.Quoted(authority.OriginalString)}; whoever is on the way could forge its keys: write an address that begins with https://");
        return authority is null ? null : new OidcRules(authority, audience, name, role, roles);
    }

    private static RoleTable ReadRoles(Section section, Predicate<string> fits, string write, DiagnosticList diagnostics)
    {
        var given = ImmutableDictionary.CreateBuilder<string, Role>(StringComparer.Ordinal);
        foreach (var (key, role) in new[] { (Viewers, Role.Viewer), (Submitters, Role.Submitter), (Admins, Role.Admin) })
        {
            foreach (var (place, subject) in Texts(section, key, diagnostics))
            {
                if (!fits(subject))
                    diagnostics.Error(DiagnosticCodes.BadText, place, $"{section.PathOf(key)}: got {Shown.Quoted(subject)}; {write}");
                given[subject] = role;
            }
        }

        return new RoleTable(given.ToImmutable());
    }

    private static AllowedCommand ReadCommand(Section section, DiagnosticList diagnostics) => new(
        [.. Texts(section, Arguments, diagnostics).Select(t => t.Text)],
        section.Text(Program),
        section.Text(Folder),
        [.. Texts(section, Variables, diagnostics).Select(t => t.Text)]);

    private static List<(Place Place, string Text)> Texts(Section section, ListKey key, DiagnosticList diagnostics)
    {
        List<(Place, string)> texts = [];
        foreach (var node in section.Items(key))
        {
            if (node is ScalarNode { Value: not null, Text: { Length: > 0 } text } && !text.Any(char.IsControl)) // as it is written
                texts.Add((node.Place, text));
            else
                diagnostics.Error(DiagnosticCodes.WrongType, node.Place, $"{section.PathOf(key)}: got {node.Describe()}; write {key.Item.Allowed}");
        }

        return texts;
    }

    private static Uri? AddressAt(Section section, TextKey key)
    {
        if (section.Text(key) is not { } text)
            return null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address))
            section.Error(DiagnosticCodes.BadText, key, $"got {Shown.Quoted(text)}; write {key.Allowed}");
        return address;
    }

    private static TextKey Address(string name, string meaning) => new(name, meaning) { Pattern = HttpAddress(), PatternMeaning = "an address like https://id.example.org, without a query" };

    private static TextKey PathKey(string name, string meaning) => new(name, meaning) { Pattern = Absolute(), PatternMeaning = "an absolute path" };

    [GeneratedRegex(@"^https?://[A-Za-z0-9.\-\[\]:]+(/[A-Za-z0-9._~/\-]*)?\z")]
    private static partial Regex HttpAddress();

    [GeneratedRegex(@"^/[^\0]*\z")]
    private static partial Regex Absolute();

    [GeneratedRegex(@"^(user|group|namespace):\S+\z")]
    private static partial Regex KubernetesSubject();
}
