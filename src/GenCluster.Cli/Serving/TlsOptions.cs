using System.CommandLine;
using GenCluster.Certificates;
using GenCluster.Cli.CommandLine;

namespace GenCluster.Cli.Serving;

/// <summary>The options of a command that speaks with other nodes.</summary>
internal sealed class TlsOptions
{
    private readonly Option<string?> certificate = new("--tls-certificate")
    {
        Description = "This node's certificate, in PEM; with --tls-key and --tls-ca all connections between nodes and workers are under TLS.",
        HelpName = "FILE",
    };

    private readonly Option<string?> key = new("--tls-key") { Description = "The private key of the certificate, in PEM.", HelpName = "FILE" };

    private readonly Option<string?> authorities = new("--tls-ca")
    {
        Description = "The certificate authorities of this cluster, in PEM. Nobody else is trusted.",
        HelpName = "FILE",
    };

    private readonly Option<bool> insecure = new(OpenNetwork.Switch)
    {
        Description = "Lets it listen beyond this machine without TLS, where the network itself is encrypted and closed to others.",
    };

    public void AddTo(Command command)
    {
        command.Add(certificate);
        command.Add(key);
        command.Add(authorities);
        command.Add(insecure);
    }

    public bool IsInsecure(ParseResult parsed) => parsed.GetValue(insecure);

    /// <exception cref="CliException">Some of the three are missing.</exception>
    public CertificateFiles? Files(ParseResult parsed)
    {
        try
        {
            return CertificateFiles.Of(parsed.GetValue(certificate), parsed.GetValue(key), parsed.GetValue(authorities));
        }
        catch (CertificateException e)
        {
            throw new CliException(ExitCode.WrongInput, e.Message);
        }
    }
}
