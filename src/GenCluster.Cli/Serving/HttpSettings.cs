using System.Net;
using GenCluster.Cli.CommandLine;
using GenCluster.Server.Access;
using GenCluster.Server.Api;

namespace GenCluster.Cli.Serving;

/// <summary>What <c>gencluster serve</c> was asked of its API.</summary>
/// <param name="Bind">Null: loopback.</param>
/// <param name="Hosts">Names that it may be called by, besides addresses and private names.</param>
/// <param name="Tokens">The file of tokens.</param>
/// <param name="AuthFile">The file of roles and allowed commands.</param>
public sealed record HttpSettings(
    IPAddress? Bind = null, IReadOnlyList<string>? Hosts = null, AccessMode Auth = AccessMode.None, string? Tokens = null, string? AuthFile = null,
    string? Certificate = null, string? Key = null)
{
    /// <summary>The API as it is to be served; null: none.</summary>
    /// <exception cref="CliException">The settings do not go together.</exception>
    public ApiOptions? Options(int? port, string? publicHost)
    {
        if (port is not { } given)
            return this == new HttpSettings(Hosts: Hosts) && Hosts is null or [] ? null : throw Wrong("there is no API without --http-port N, and other options say how to serve it");
        CheckFiles();
        var bind = Bind ?? IPAddress.Loopback;
        if (Auth is AccessMode.None && !IPAddress.IsLoopback(bind))
        {
            throw Wrong($"--http-bind {bind} would let everybody who reaches it do everything: say with --auth tokens, kubernetes or oidc how callers are known, "
                + "or leave --http-bind away, which serves this machine alone");
        }

        return new ApiOptions
        {
            Bind = bind,
            Port = given,
            Hosts = [.. Hosts ?? [], .. publicHost is null ? Array.Empty<string>() : [publicHost]],
            Access = new AccessOptions { Mode = Auth, TokensFile = Tokens, RulesFile = AuthFile },
            Certificate = Certificate is null ? null : new HttpCertificateFiles(Certificate, Key!),
        };
    }

    /// <summary>What is to be known before it is used so; null: nothing.</summary>
    public string? Warning => Bind is not null && !IPAddress.IsLoopback(Bind) && Certificate is null
        ? "the API speaks plain HTTP: a proxy in front of it must terminate TLS, or give --http-certificate and --http-key; tokens can be read on the way otherwise"
        : null;

    private void CheckFiles()
    {
        if (Certificate is null != Key is null)
            throw Wrong("--http-certificate and --http-key go together: one is the certificate, the other its key, both in PEM");
        if (Auth is AccessMode.Tokens != Tokens is not null)
            throw Wrong(Tokens is null ? "--auth tokens needs the file of tokens: give --tokens FILE; 'gencluster token new' makes the lines for it" : "--tokens goes with --auth tokens");
        if (Auth is AccessMode.Kubernetes or AccessMode.Oidc && AuthFile is null)
            throw Wrong($"--auth {Auth.ToString().ToLowerInvariant()} needs a file that says who has which role: give --auth-file FILE");
        if (Auth is AccessMode.None && AuthFile is not null)
            throw Wrong("--auth-file goes with --auth tokens, kubernetes or oidc: without authentication everybody may do everything");
    }

    private static CliException Wrong(string message) => new(ExitCode.WrongInput, message);
}
