using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using GenCluster.Certificates;
using GenCluster.Certificates.Tests.Support;
using GenCluster.Chaos.Tests.Harness;

namespace GenCluster.Chaos.Tests.Faults;

/// <summary>Somebody without the right papers at every port of a cluster that has TLS and tokens.</summary>
internal static class StrangerFaults
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    public static async Task Knock(Arena arena)
    {
        using Papers ours = new(), theirs = new("theirs");
        string good = NewToken(), viewer = NewToken(), tokenFile = Path.Combine(ours.Folder, "token"), tokens = Path.Combine(ours.Folder, "tokens");
        await File.WriteAllTextAsync(tokenFile, good);
        await File.WriteAllTextAsync(tokens, $"ci submitter {HashOf(good)}\nreader viewer {HashOf(viewer)}\n");
        var cluster = await SmallCluster.StartAsync(
            arena, CoordinatorCluster.FreePorts(2), ["--auth", "tokens", "--tokens", tokens, .. Tls(ours, "coordinator")], Tls(ours, "worker"), ["--token-file", tokenFile]);
        await arena.TrainsAsync(cluster.Submission);

        int[] ports = [cluster.Port, .. cluster.Workers.SelectMany(worker => Listeners.PortsOf(worker.Id))];
        ports.Length.ShouldBeGreaterThan(Arena.Workers);
        foreach (int port in ports)
        {
            await EndsUnheardAsync(port, null);
            foreach (var papers in new[] { [], Open(theirs.Node("stranger")), Open(ours.Node("late", from: -20, until: -1)) })
                await EndsUnheardAsync(port, papers);
        }

        await RefusesAsync(cluster, viewer);
        await cluster.EndsWellAsync();
        arena.Note(string.Create(CultureInfo.InvariantCulture, $"{ports.Length} ports, four strangers at each, five at the API"));
    }

    private static async Task RefusesAsync(SmallCluster cluster, string viewer)
    {
        string json = Base64("""{"alg":"none"}"""), forged = $"{json}.{Base64("""{"aud":"another","exp":1}""")}.";
        foreach (string? token in new[] { null, "x", NewToken(), forged })
            (await SubmitAsync(cluster, token)).ShouldBe(HttpStatusCode.Unauthorized, token);
        (await SubmitAsync(cluster, viewer)).ShouldBe(HttpStatusCode.Forbidden);
        foreach (string why in new[] { "\"why\":\"Missing\"", "\"why\":\"Unknown\"", "\"who\":\"reader\"" })
            await cluster.Node.SaysAsync(why);
    }

    private static async Task<HttpStatusCode> SubmitAsync(SmallCluster cluster, string? token)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"http://127.0.0.1:{cluster.ApiPort}/api/v1/sweeps"))
        {
            Content = new StringContent(await File.ReadAllTextAsync(cluster.Arena.Sandbox.File), Encoding.UTF8, "application/yaml"),
        };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var answer = await client.SendAsync(request);
        return answer.StatusCode;
    }

    /// <param name="papers">Null: without TLS.</param>
    private static async Task EndsUnheardAsync(int port, X509CertificateCollection? papers)
    {
        using var client = new TcpClient(AddressFamily.InterNetwork);
        await client.ConnectAsync(IPAddress.Loopback, port);
        using var connection = client.GetStream();
        byte[] answer = new byte[64];
        try
        {
            if (papers is null)
            {
                await connection.WriteAsync(new byte[256]);
                int read = await connection.ReadAsync(answer).AsTask().WaitAsync(Patience);
                (read == 0 || answer[0] == 0x15).ShouldBeTrue($"port {port} says more than an alert of TLS to whom it does not know");
                return;
            }

            using var tls = new SslStream(connection, leaveInnerStreamOpen: true);
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "coordinator",
                ClientCertificates = papers,
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null, // a stranger does not mind whose
            }).WaitAsync(Patience);
            await tls.WriteAsync(new byte[256]); // in TLS 1.3 a client hears of its refusal only now
            (await tls.ReadAsync(answer).AsTask().WaitAsync(Patience)).ShouldBe(0, $"port {port} answers a stranger");
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            // Refused with an alert, or closed.
        }
    }

    private static X509CertificateCollection Open(CertificateFiles files)
    {
        using var pem = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
        return [X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null)];
    }

    private static string[] Tls(Papers papers, string name)
    {
        var files = papers.Node(name);
        return ["--tls-certificate", files.Certificate, "--tls-key", files.Key, "--tls-ca", files.Authorities];
    }

    private static string NewToken() => "gct_" + Base64(RandomNumberGenerator.GetBytes(32));

    private static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private static string Base64(string text) => Base64(Encoding.UTF8.GetBytes(text));

    private static string Base64(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
