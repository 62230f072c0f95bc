namespace GenCluster.Server.Access;

/// <summary>How callers of the API are known.</summary>
public enum AccessMode
{
    /// <summary>Not at all, which is why the API is then bound to loopback: whoever is on this machine may do everything.</summary>
    None = 0,

    /// <summary>By tokens whose hashes are in a file.</summary>
    Tokens = 1,

    /// <summary>By tokens of a Kubernetes cluster, which its API server reviews.</summary>
    Kubernetes = 2,

    /// <summary>By tokens that an OpenID provider has signed.</summary>
    Oidc = 3,
}

/// <summary>Who may call the API, and what they may do.</summary>
public sealed record AccessOptions
{
    public AccessMode Mode { get; init; }

    /// <summary>The file of tokens; for <see cref="AccessMode.Tokens"/>.</summary>
    public string? TokensFile { get; init; }

    /// <summary>The file of rules: needed by <see cref="AccessMode.Kubernetes"/> and <see cref="AccessMode.Oidc"/>; null: nobody but admins has programs as trials.</summary>
    public string? RulesFile { get; init; }

    /// <summary>How often the files are looked at again, at most. What was taken away from them ends so soon.</summary>
    public TimeSpan LookAgain { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>The files that the API's own certificate and key are in, as PEM. Both are read again when they change.</summary>
public sealed record HttpCertificateFiles(string Certificate, string Key);
