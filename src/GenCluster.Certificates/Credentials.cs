using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace GenCluster.Certificates;

/// <summary>A node's certificate with its key, and whom the node trusts: what was in the files at one time.</summary>
internal sealed class Credentials
{
    private const string ForServers = "1.3.6.1.5.5.7.3.1";
    private const string ForClients = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2Collection authorities;

    private Credentials(X509Certificate2 own, X509Certificate2Collection intermediates, X509Certificate2Collection authorities)
    {
        this.authorities = authorities;
        Own = own;
        Context = SslStreamCertificateContext.Create(own, intermediates, offline: true);
    }

    public X509Certificate2 Own { get; }

    /// <summary>What is shown to peers.</summary>
    public SslStreamCertificateContext Context { get; }

    /// <summary>Reads the files and makes sure that a peer would accept what is in them now.</summary>
    /// <exception cref="CertificateException">A file cannot be used.</exception>
    public static Credentials Read(CertificateFiles files, DateTimeOffset now)
    {
        var authorities = Parse(files.Authorities, "a certificate authority");
        var chain = Parse(files.Certificate, "this node's certificate");
        var credentials = new Credentials(WithKey(chain[0], files), [.. chain.Skip(1)], authorities);
        credentials.CheckDates(files, now);
        credentials.CheckChain(files, [.. chain.Skip(1)], now);
        return credentials;
    }

    /// <summary>How a peer's certificate is judged: by our authorities alone, for its use, and without a look at the network.</summary>
    /// <param name="ofClient">The peer dialled.</param>
    public X509ChainPolicy Policy(bool ofClient, DateTimeOffset now)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationTime = now.UtcDateTime,
        };
        policy.CustomTrustStore.AddRange(authorities);
        policy.ApplicationPolicy.Add(new Oid(ofClient ? ForClients : ForServers));
        return policy;
    }

    private static X509Certificate2 WithKey(X509Certificate2 certificate, CertificateFiles files)
    {
        string pem = ReadText(files.Key, "this node's private key");
        try
        {
            return X509Certificate2.CreateFromPem(certificate.ExportCertificatePem(), pem);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new CertificateException(
                $"--tls-key: {files.Key} is not the private key of the certificate in {files.Certificate}; give its key in PEM, not encrypted", e);
        }
    }

    private static X509Certificate2Collection Parse(string path, string what)
    {
        string pem = ReadText(path, what);
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(pem);
        }
        catch (CryptographicException e)
        {
            throw new CertificateException($"{path} holds no readable certificate, and {what} is expected there in PEM", e);
        }

        return certificates.Count > 0
            ? certificates
            : throw new CertificateException($"{path} holds no certificate, and {what} is expected there in PEM, between BEGIN CERTIFICATE and END CERTIFICATE");
    }

    private static string ReadText(string path, string what)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CertificateException($"{path}, which should hold {what}, cannot be read: {e.Message.TrimEnd('.')}", e);
        }
    }

    private void CheckDates(CertificateFiles files, DateTimeOffset now)
    {
        if (now.UtcDateTime > Own.NotAfter.ToUniversalTime())
            throw new CertificateException($"the certificate in {files.Certificate} expired on {Date(Own.NotAfter)}; give one that is valid");
        if (now.UtcDateTime < Own.NotBefore.ToUniversalTime())
            throw new CertificateException($"the certificate in {files.Certificate} is not valid before {Date(Own.NotBefore)}; look at the clock of this machine, or give one that is valid now");
    }

    private void CheckChain(CertificateFiles files, X509Certificate2Collection intermediates, DateTimeOffset now)
    {
        foreach (bool asClient in (bool[])[false, true])
        {
            using var chain = new X509Chain { ChainPolicy = Policy(asClient, now) };
            chain.ChainPolicy.ExtraStore.AddRange(intermediates);
            if (chain.Build(Own))
                continue;
            throw new CertificateException(PeerRefusals.Of(chain.ChainStatus) switch
            {
                PeerRefusal.WrongUse => $"the certificate in {files.Certificate} is not for both ends of a connection; its extended key usage must have serverAuth and clientAuth",
                PeerRefusal.OutOfDate => $"an authority in {files.Authorities} that vouches for the certificate in {files.Certificate} has expired, or is not valid yet",
                _ => $"the certificate in {files.Certificate} is not vouched for by any authority in {files.Authorities}; give the one that signed it",
            });
        }
    }

    private static string Date(DateTime date) => date.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
