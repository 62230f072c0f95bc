namespace GenCluster.Certificates.Tests.Support;

/// <summary>A folder with an authority and certificates of nodes, made for one test.</summary>
internal sealed class Papers : IDisposable
{
    private readonly CertificateAuthority authority;

    public Papers(string name = "ours", DateTimeOffset? now = null)
    {
        Now = now ?? TimeProvider.System.GetUtcNow();
        Folder = Directory.CreateTempSubdirectory("gencluster-tls-").FullName;
        authority = CertificateAuthority.New(name, Now.AddDays(-100), Now.AddDays(1000));
        File.WriteAllText(Path.Combine(Folder, "ca.crt"), authority.Pem);
    }

    public string Folder { get; }

    public DateTimeOffset Now { get; }

    /// <summary>Files of a node that is valid, unless days or uses say otherwise.</summary>
    public CertificateFiles Node(string name = "node", int from = -1, int until = 30, CertificateUses uses = CertificateUses.Both)
    {
        var signed = authority.Sign([name], Now.AddDays(from), Now.AddDays(until), uses);
        var files = new CertificateFiles(Path.Combine(Folder, name + ".crt"), Path.Combine(Folder, name + ".key"), Path.Combine(Folder, "ca.crt"));
        File.WriteAllText(files.Certificate, signed.Pem);
        File.WriteAllText(files.Key, signed.KeyPem);
        return files;
    }

    public TransportSecurity Security(string name = "node") => TransportSecurity.Open(Node(name), TimeProvider.System)!;

    public void Dispose()
    {
        authority.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
