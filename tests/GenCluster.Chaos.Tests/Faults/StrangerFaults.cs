using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using GenCluster.Certificates;
using GenCluster.Certificates.Tests.Support;
using GenCluster.Chaos.Tests.Harness;

namespace GenCluster.Chaos.Tests.Faults;

/// <summary>Somebody who belongs to nobody here speaks to every port.</summary>
internal static partial class StrangerFaults
{
    private const int Rounds = 5;
    private static readonly string[] Whys = ["UnknownAuthority", "OutOfDate", "NoCertificate", "NotTls"];

    public static async Task Strangers(Arena arena)
    {
        using Papers ours = new(), theirs = new("theirs");
        var (ci, eve, gone) = (await Token.NewAsync("ci", "submitter"), await Token.NewAsync("eve", "viewer"), await Token.NewAsync("gone", "admin"));
        string tokens = Path.Combine(ours.Folder, "tokens"), own = Path.Combine(ours.Folder, "ci.token");
        await File.WriteAllLinesAsync(tokens, [ci.Line, eve.Line, gone.Line]);
        await File.WriteAllTextAsync(own, ci.Text);
        var (node, web) = (ours.Node(), ours.Node("127.0.0.1"));
        var service = await Service.StartAsync(
            arena,
            serve: ["--auth", "tokens", "--tokens", tokens, "--http-certificate", web.Certificate, "--http-key", web.Key],
            all: ["--tls-certificate", node.Certificate, "--tls-key", node.Key, "--tls-ca", node.Authorities]);
        await service.SubmitAsync(["--token-file", own], new Dictionary<string, string> { ["SSL_CERT_FILE"] = web.Authorities });

        Func<int, HttpClient> client = from => ClientAt(service.Api, web.Authorities, from);
        await KnockAsync(arena, service, [theirs.Node(), ours.Node("late", from: -20, until: -1), null], node.Authorities);
        await service.StepsAsync();
        await AskAsync(service, tokens, ci, eve, gone, client);
        await CompareAsync(arena, ci, client);
        await service.EndsWellAsync();
    }

    /// <summary>Without TLS, and with papers that are not ours, at the ports of all processes.</summary>
    private static async Task KnockAsync(Arena arena, Service service, CertificateFiles?[] papers, string authorities)
    {
        Gencluster[] processes = [service.Node, .. service.Workers];
        int[] ports = [.. processes.SelectMany(process => Proc.PortsOf(process.Id)).Distinct()];
        ports.Length.ShouldBe(2 + (2 * Arena.Workers)); // of each process Akka's, of the coordinator the API's, of a worker the gangs'
        int strangers = 0;
        for (int round = 0; round < Rounds; round++)
        {
            arena.Dice.Shuffle(ports);
            foreach (int port in ports)
            {
                string plain = (await Wire.SpeakAsync(port, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")).Answer;
                if (plain.Length > 0)
                    plain.ShouldStartWith("\x15"); // TLS's own way to end
                CertificateFiles?[] shown = port == service.Api.Port ? [] : papers; // the API knows its callers by tokens alone
                foreach (var files in shown)
                    (await Wire.SpeakTlsAsync(port, Showing(files, authorities), "hello")).Answer.ShouldBeEmpty();
                strangers += 1 + shown.Length;
            }
        }

        foreach (var process in processes)
            await process.Holds(() => Whys.All(why => process.Transcript().Contains($"({why}, the ", StringComparison.Ordinal)), "each kind of stranger is told of");

        arena.Note(string.Create(CultureInfo.InvariantCulture, $"{strangers} strangers at {ports.Length} ports"));
    }

    private static SslClientAuthenticationOptions Showing(CertificateFiles? files, string authorities) => new()
    {
        CertificateChainPolicy = Trusting(authorities), // who is let in is for the other side to say
        TargetHost = "node",
        LocalCertificateSelectionCallback = (_, _, _, _, _) => files is null ? null! : X509Certificate2.CreateFromPemFile(files.Certificate, files.Key),
    };

    private static X509ChainPolicy Trusting(string authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(authorities);
        return policy;
    }
}
