using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace GenCluster.Certificates;

/// <summary>
/// A certificate authority for one cluster, and the certificates that it signs. For trials and small clusters: its key is a
/// file, it revokes nothing, and somebody has to renew what it signed.
/// </summary>
public sealed class CertificateAuthority : IDisposable
{
    private const int SerialBytes = 16;

    private readonly X509Certificate2 certificate;

    private CertificateAuthority(X509Certificate2 certificate)
    {
        this.certificate = certificate;
    }

    /// <summary>The authority's certificate in PEM: what nodes are given as <c>--tls-ca</c>.</summary>
    public string Pem => certificate.ExportCertificatePem() + "\n";

    /// <summary>Its key in PEM: who has it decides who is a member.</summary>
    public string KeyPem => KeyOf(certificate);

    /// <summary>Makes an authority.</summary>
    public static CertificateAuthority New(string name, DateTimeOffset from, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName($"CN={name}"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return new CertificateAuthority(request.CreateSelfSigned(from, until));
    }

    /// <summary>Takes up an authority that was made before.</summary>
    /// <exception cref="CertificateException">The two are no certificate and its key.</exception>
    public static CertificateAuthority Of(string pem, string keyPem)
    {
        try
        {
            return new CertificateAuthority(X509Certificate2.CreateFromPem(pem, keyPem));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new CertificateException($"the authority's certificate and key do not go together: {e.Message}", e);
        }
    }

    /// <summary>Signs a certificate for one node.</summary>
    /// <param name="hosts">Names and addresses by which it is reached; the first is its name.</param>
    /// <param name="uses">Both ends of a connection, which is what a node needs, unless a test says otherwise.</param>
    public SignedCertificate Sign(IReadOnlyList<string> hosts, DateTimeOffset from, DateTimeOffset until, CertificateUses uses = CertificateUses.Both)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName($"CN={hosts[0]}"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(OidsOf(uses), critical: false));
        request.CertificateExtensions.Add(NamesOf(hosts));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        byte[] serial = RandomNumberGenerator.GetBytes(SerialBytes);
        serial[0] = (byte)(1 + (serial[0] & 0x3f)); // positive, and of full length
        using var signed = request.Create(certificate, from, until, serial);
        using var withKey = signed.CopyWithPrivateKey(key);
        return new SignedCertificate(withKey.ExportCertificatePem() + "\n", KeyOf(withKey));
    }

    public void Dispose() => certificate.Dispose();

    private static string KeyOf(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem() + "\n";
    }

    private static OidCollection OidsOf(CertificateUses uses)
    {
        var oids = new OidCollection();
        if (uses.HasFlag(CertificateUses.Server))
            oids.Add(new Oid("1.3.6.1.5.5.7.3.1"));
        if (uses.HasFlag(CertificateUses.Client))
            oids.Add(new Oid("1.3.6.1.5.5.7.3.2"));
        return oids;
    }

    private static X509Extension NamesOf(IReadOnlyList<string> hosts)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (string host in hosts)
        {
            if (IPAddress.TryParse(host, out var address))
                names.AddIpAddress(address);
            else
                names.AddDnsName(host);
        }

        return names.Build();
    }
}

/// <summary>What a certificate may be shown for.</summary>
[Flags]
public enum CertificateUses
{
    /// <summary>By the end that listens.</summary>
    Server = 1,

    /// <summary>By the end that dials.</summary>
    Client = 2,

    /// <summary>By both, as nodes do.</summary>
    Both = Server | Client,
}

/// <summary>A node's certificate and its key, in PEM.</summary>
public sealed record SignedCertificate(string Pem, string KeyPem);
