using System.CommandLine;
using GenCluster.Cli.CommandLine;

namespace GenCluster.Cli.Certificates;

/// <summary><c>gencluster certificates new DIR</c></summary>
internal sealed class NewCertificatesCommand : Command, ITaught
{
    public const string Codes = "0  done    1  a file could not be written or read    2  wrong input";

    private readonly Argument<string> folder = new("DIR")
    {
        Description = "Where the files go: ca.crt and ca.key, which are made if they are not there, and NAME.crt and NAME.key for each node.",
    };

    private readonly Option<string[]> names = new("--name")
    {
        Description = $"Host name or address of a node. Give it once for each; default: one node, {NewCertificates.DefaultName}.",
        HelpName = "HOST",
        DefaultValueFactory = _ => [],
    };

    public NewCertificatesCommand(CliPorts ports)
        : base("new", "Makes a certificate authority, if there is none yet, and certificates for nodes. Files that exist are left alone.")
    {
        Add(folder);
        Add(names);
        SetAction(parsed => new NewCertificates(parsed.GetRequiredValue(folder), parsed.GetValue(names)!, ports).Run());
    }

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("gencluster certificates new tls --name 10.0.0.1 --name 10.0.0.7", "An authority, and a certificate for each of two nodes."),
        new("gencluster certificates new tls --name 10.0.0.8", "One more node of the same cluster, later."),
        new("gencluster serve --bind 10.0.0.1 --tls-certificate tls/10.0.0.1.crt --tls-key tls/10.0.0.1.key --tls-ca tls/ca.crt --journal db", "What to do with them."),
    ];

    public string ExitCodes => Codes;
}
