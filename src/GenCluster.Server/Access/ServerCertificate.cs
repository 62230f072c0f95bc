using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace GenCluster.Server.Access;

/// <summary>The API's own certificate, with those between it and its authority. New connections get the one that the files have now.</summary>
internal sealed class ServerCertificate(HttpCertificateFiles files, TimeProvider time, TimeSpan interval, Action<string> told)
{
    private readonly ReloadedFile<SslStreamCertificateContext> certificate =
        new([files.Certificate, files.Key], bytes => Read(files, bytes[0], bytes[1]), time, interval, told);

    /// <exception cref="CoordinatorStartException">It cannot be read for the first time.</exception>
    public SslStreamCertificateContext Current
    {
        get
        {
            try
            {
                return certificate.Current;
            }
            catch (BrokenFileException e)
            {
                throw new CoordinatorStartException($"the API has no certificate: {e.Message}", e);
            }
        }
    }

    private static SslStreamCertificateContext Read(HttpCertificateFiles files, byte[] certificatePem, byte[] keyPem)
    {
        try
        {
            string pem = BrokenFileException.TextOf(files.Certificate, certificatePem);
            var own = X509Certificate2.CreateFromPem(pem, BrokenFileException.TextOf(files.Key, keyPem));
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(pem);
            return SslStreamCertificateContext.Create(own, chain, offline: true);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new BrokenFileException($"{files.Certificate} and {files.Key} are no certificate and its key in PEM: {e.Message.TrimEnd('.')}");
        }
    }
}
