using System.Globalization;
using System.Text.RegularExpressions;
using GenCluster.Certificates;
using GenCluster.Cli.CommandLine;

namespace GenCluster.Cli.Certificates;

/// <summary>Makes an authority and certificates in a folder. Keys are for their owner's eyes alone.</summary>
internal sealed partial class NewCertificates(string folder, IReadOnlyList<string> names, CliPorts ports)
{
    public const string DefaultName = "localhost";

    private const int AuthorityDays = 5 * 365;
    private const int NodeDays = 365;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnersFolder = OwnerOnly | UnixFileMode.UserExecute;
    private const UnixFileMode ForAll = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    // Clocks of two machines differ a little; a certificate of this minute must be valid on both.
    private static readonly TimeSpan Slack = TimeSpan.FromHours(1);

    private readonly DateTimeOffset now = ports.Time.GetUtcNow();

    public int Run()
    {
        IReadOnlyList<string> nodes = names.Count > 0 ? [.. names.Distinct(StringComparer.Ordinal)] : [DefaultName];
        Check(nodes);
        MakeFolder();
        using var authority = FindAuthority();
        foreach (string node in nodes)
        {
            var signed = authority.Sign(node == DefaultName ? [node, "127.0.0.1", "::1"] : [node], now - Slack, now.AddDays(NodeDays));
            Write(KeyOf(node), signed.KeyPem, OwnerOnly);
            Write(CertificateOf(node), signed.Pem, ForAll);
        }

        Tell(nodes[0]);
        return ExitCode.Done;
    }

    private string CertificateOf(string node) => Path.Combine(folder, node + ".crt");

    private string KeyOf(string node) => Path.Combine(folder, node + ".key");

    /// <summary>Before anything is written.</summary>
    private void Check(IReadOnlyList<string> nodes)
    {
        if (nodes.FirstOrDefault(node => !HostName().IsMatch(node) || node == "ca") is { } odd)
            throw new CliException(ExitCode.WrongInput, $"--name: '{odd}' is not the name or address of a host; give one like node-1.example.org or 10.0.0.1");
        if (nodes.SelectMany(node => (string[])[CertificateOf(node), KeyOf(node)]).FirstOrDefault(File.Exists) is { } there)
            throw new CliException(ExitCode.WrongInput, $"{there} is there already; move it away to make another one");
    }

    private CertificateAuthority FindAuthority()
    {
        string certificate = CertificateOf("ca"), key = KeyOf("ca");
        if (File.Exists(certificate) && File.Exists(key))
            return CertificateAuthority.Of(File.ReadAllText(certificate), File.ReadAllText(key));
        if (File.Exists(certificate) || File.Exists(key))
            throw new CliException(ExitCode.WrongInput, $"{certificate} and {key} belong together, and one of them is missing; bring it back, or move the other away");

        string name = $"GenCluster {now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}";
        var authority = CertificateAuthority.New(name, now - Slack, now.AddDays(AuthorityDays));
        Write(key, authority.KeyPem, OwnerOnly);
        Write(certificate, authority.Pem, ForAll);
        return authority;
    }

    private void MakeFolder()
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else if (!Directory.Exists(folder))
            Directory.CreateDirectory(folder, OwnersFolder);
    }

    private void Write(string path, string text, UnixFileMode mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = mode;
        using var file = new FileStream(path, options);
        using var writer = new StreamWriter(file);
        writer.Write(text);
        ports.Out.WriteLine(path);
    }

    private void Tell(string node)
    {
        ports.Error.WriteLine($"nodes: --tls-certificate {CertificateOf(node)} --tls-key {KeyOf(node)} --tls-ca {CertificateOf("ca")}");
        ports.Error.WriteLine($"valid for {NodeDays} days, the authority for {AuthorityDays}; {KeyOf("ca")} makes members of whom it signs for: keep it off the nodes");
        ports.Error.WriteLine("for trials and small clusters; in production let cert-manager or your own authority make them, renew them, and write them to these files");
    }

    [GeneratedRegex("^[A-Za-z0-9]([A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?$")]
    private static partial Regex HostName();
}
