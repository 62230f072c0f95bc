using System.Collections.Immutable;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Access;

/// <summary>What an operator says of those who call: where they are known, who may do what, and which programs may be trials.</summary>
/// <param name="Kubernetes">Null: the file says nothing of it.</param>
/// <param name="Oidc">Null: the file says nothing of it.</param>
public sealed record AccessRules(KubernetesRules? Kubernetes, OidcRules? Oidc, ImmutableArray<AllowedCommand> Commands)
{
    /// <summary>The audience that tokens must be made for, unless a file says another.</summary>
    public const string DefaultAudience = "gencluster";

    public static AccessRules None { get; } = new(null, null, []);

    /// <summary>Whether one who is no admin may have this program as a trial.</summary>
    public bool Allows(CommandSpec command) => Commands.Any(allowed => allowed.Fits(command));
}

/// <summary>A Kubernetes API server that knows who calls.</summary>
/// <param name="Server">Null: that of the cluster that this process runs in.</param>
/// <param name="TokenFile">Our own credential for it.</param>
/// <param name="CaFile">The certificates that it is known by; null: those of the system.</param>
public sealed record KubernetesRules(string Audience, Uri? Server, string? TokenFile, string? CaFile, RoleTable Roles);

/// <summary>An OpenID provider whose tokens are accepted.</summary>
/// <param name="Authority">The issuer, below which its configuration is found.</param>
/// <param name="NameClaim">What callers are called by.</param>
/// <param name="RoleClaim">Whose values <paramref name="Roles"/> has; a dotted path leads into objects.</param>
public sealed record OidcRules(Uri Authority, string Audience, string NameClaim, string RoleClaim, RoleTable Roles);

/// <summary>Which properties of a caller give which role.</summary>
public sealed record RoleTable(ImmutableDictionary<string, Role> Given)
{
    /// <summary>The highest that one of the properties gives; null: none.</summary>
    public Role? Of(IEnumerable<string> properties) =>
        properties.Where(Given.ContainsKey).Select(p => (Role?)Given[p]).Max();
}

/// <summary>A program that may be a trial of anybody who submits: exactly this command, with parameters filled in.</summary>
/// <param name="Arguments">As the sweep file has them, macros included.</param>
/// <param name="Variables">Names of the variables that the sweep file may set.</param>
public sealed record AllowedCommand(ImmutableArray<string> Arguments, string? Program, string? WorkingDirectory, ImmutableArray<string> Variables)
{
    public bool Fits(CommandSpec command) =>
        Arguments.AsSpan().SequenceEqual(command.Arguments)
        && Program == command.Program && WorkingDirectory == command.Folder
        && (command.Environment ?? []).All(v => Variables.Contains(v.Name, StringComparer.Ordinal));
}
