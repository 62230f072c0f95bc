using System.Net;
using System.Security.Cryptography.X509Certificates;
using GenCluster.Server.Access;
using GenCluster.Server.Api;
using GenCluster.Server.Tests.Support;

namespace GenCluster.Server.Tests.Access;

/// <summary>What a node needs to serve an API to others.</summary>
public sealed class StartTests : AccessKit
{
    [Fact]
    public async Task A_server_does_not_start_without_the_files_that_say_who_may_call()
    {
        await FailsAsync(Options(AccessMode.Tokens), $"the API cannot know its callers: {TokensFile} cannot be read: ");
        WriteTokens("ci admin");
        await FailsAsync(Options(AccessMode.Tokens), $"the API cannot know its callers: {TokensFile}:5: 2 words; ");
        await FailsAsync(Options(AccessMode.Kubernetes), "the API cannot know its callers: a file that says who has which role is needed: give --auth-file FILE");
        string rules = WriteRules("commands: [{command: [true]}]");
        await FailsAsync(Options(AccessMode.Kubernetes, rules), $"the API cannot know its callers: {rules} has no section kubernetes");
        await FailsAsync(Options(AccessMode.Oidc, rules), $"the API cannot know its callers: {rules} has no section oidc");
        await FailsAsync(Options(AccessMode.Oidc, WriteRules("oidc: {authority: 'http://id.example.org', roles: {}}")), "the API cannot know its callers: ", "write an address that begins with https://");
        WriteTokens();
        Allow(TokensFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite);
        await FailsAsync(Options(AccessMode.Tokens), $"the API cannot know its callers: {TokensFile} may be written by others than its owner");
    }

    [Fact]
    public async Task A_server_that_knows_its_callers_may_be_bound_to_any_address()
    {
        WriteTokens();
        var coordinator = await StartApiAsync(api: Options(AccessMode.Tokens) with { Bind = IPAddress.Any }, log: LogFile);
        Http.BaseAddress = null;

        (await StatusAsync(Ask("GET", $"http://127.0.0.1:{new Uri(coordinator.ApiAddress!).Port}{SweepPath}", TokenOf("eve")))).ShouldBe(HttpStatusCode.OK);
        (await File.ReadAllTextAsync(LogFile, Patience)).ShouldContain("the API speaks plain HTTP on 0.0.0.0: tokens can be read on the way");
    }

    [Fact]
    public async Task With_a_certificate_it_speaks_TLS_and_takes_a_new_one_while_it_runs()
    {
        using var authority = new TestAuthority("ours");
        WriteTokens();
        string certificate = Path.Combine(Folder, "tls.crt"), key = Path.Combine(Folder, "tls.key");
        Issue("first");
        await StartApiAsync(api: Options(AccessMode.Tokens) with { Certificate = new HttpCertificateFiles(certificate, key) }, log: LogFile);

        (await SeenAsync()).ShouldBe("CN=first");
        Issue("second");
        (await SeenAsync()).ShouldBe("CN=second");
        long mark = Mark();
        await File.WriteAllTextAsync(key, "no key", Patience);
        (await SeenAsync()).ShouldBe("CN=second");
        (await AuditedAsync(mark, l => l.Event == "files")).Why!.ShouldContain("are no certificate and its key in PEM");
        (await RawAsync($"GET {SweepPath} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")).Status.ShouldBe(0);

        void Issue(string name)
        {
            var (_, pem, keyPem) = authority.Issue(name);
            File.WriteAllText(key, keyPem);
            File.WriteAllText(certificate, pem);
        }

        async Task<string> SeenAsync()
        {
            string? seen = null;
            using var handler = new SocketsHttpHandler();
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.ImportFromPem(authority.Pem);
            handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, errors) =>
            {
                seen = shown!.Subject;
                return errors is System.Net.Security.SslPolicyErrors.None;
            };
            using var http = new HttpClient(handler) { BaseAddress = Http.BaseAddress };
            http.BaseAddress!.Scheme.ShouldBe("https");
            using var answer = await http.SendAsync(Ask("GET", SweepPath, TokenOf("eve")), Patience);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            answer.Headers.GetValues("Strict-Transport-Security").ShouldBe(["max-age=31536000"]);
            return seen!;
        }
    }

    [Fact]
    public async Task A_provider_that_does_not_answer_means_come_again()
    {
        using var port = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        port.Start();
        string authority = $"http://127.0.0.1:{((IPEndPoint)port.LocalEndpoint).Port}";
        port.Stop();
        await StartApiAsync(api: Options(AccessMode.Oidc, WriteRules($"oidc: {{authority: '{authority}', roles: {{admin: [x]}}}}")), log: LogFile);

        var problem = await RefusedAsync(HttpStatusCode.ServiceUnavailable, Ask("GET", SweepPath, "a.b.c"), line => line.Why == "Away");

        problem.Detail.ShouldStartWith("the provider of identities does not answer: ");
    }

    private async Task FailsAsync(ApiOptions options, params string[] sentences)
    {
        var failure = await Should.ThrowAsync<CoordinatorStartException>(() => StartApiAsync(api: options));

        failure.Message.ShouldStartWith(sentences[0]);
        sentences.ShouldAllBe(s => failure.Message.Contains(s, StringComparison.Ordinal));
    }
}
