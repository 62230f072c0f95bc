using System.CommandLine;
using GenCluster.Cli.CommandLine;

namespace GenCluster.Cli.Certificates;

/// <summary><c>gencluster certificates</c></summary>
internal sealed class CertificatesCommand : Command, ITaught
{
    public CertificatesCommand(CliPorts ports)
        : base("certificates", "Makes certificates for TLS between nodes, for trials and small clusters.")
    {
        Add(new NewCertificatesCommand(ports));
        SetAction(parsed =>
        {
            ports.Error.WriteLine("gencluster: say what to do with certificates: gencluster certificates new DIR");
            return ExitCode.WrongInput;
        });
    }

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("gencluster certificates new tls --name 10.0.0.1 --name 10.0.0.7", "An authority, and a certificate for each of two nodes."),
    ];

    public string ExitCodes => NewCertificatesCommand.Codes;
}
