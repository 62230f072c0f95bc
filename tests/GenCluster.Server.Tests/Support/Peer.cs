using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace GenCluster.Server.Tests.Support;

/// <summary>A small web server in another's place.</summary>
internal sealed class Peer : IAsyncDisposable
{
    private readonly WebApplication app;

    private Peer(WebApplication app)
    {
        this.app = app;
    }

    public string Address => app.Urls.Single();

    /// <param name="certificate">Null: plain HTTP.</param>
    public static async Task<Peer> StartAsync(Func<HttpContext, Task> answer, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => _ = certificate is null ? l : l.UseHttps(certificate)));
        var app = builder.Build();
        app.Run(context => answer(context));
        await app.StartAsync();
        return new Peer(app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}

/// <summary>A certificate authority of a test.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 own;
    private byte serial;

    public TestAuthority(string name)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, true));
        own = request.CreateSelfSigned(Since, Until);
    }

    public string Pem => own.ExportCertificatePem();

    private static DateTimeOffset Since => TimeProvider.System.GetUtcNow().AddDays(-1);

    private static DateTimeOffset Until => TimeProvider.System.GetUtcNow().AddDays(30);

    /// <summary>For 127.0.0.1 and localhost.</summary>
    public (X509Certificate2 Certificate, string Pem, string KeyPem) Issue(string name)
    {
        using var ownKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", ownKey, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(own, Since, Until.AddDays(-1), [++serial]);
        return (issued.CopyWithPrivateKey(ownKey), issued.ExportCertificatePem(), ownKey.ExportPkcs8PrivateKeyPem());
    }

    public void Dispose()
    {
        own.Dispose();
        key.Dispose();
    }
}
