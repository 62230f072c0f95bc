using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using GenCluster.Server.Access;
using GenCluster.Server.Tests.Support;

namespace GenCluster.Server.Tests.Access;

/// <summary>Signed tokens of an OpenID provider, and what attackers make of them.</summary>
public sealed class OidcAttackTests(OidcServer server) : IClassFixture<OidcServer>
{
    [Fact]
    public async Task A_token_of_the_provider_gives_the_role_that_its_claim_says()
    {
        (await server.AnswersAsync("POST", OidcServer.Sweeps, server.Oidc.Token())).ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await server.AnswersAsync("GET", OidcServer.Sweeps, server.Oidc.Token(c => c["realm_access"] = new { roles = new[] { "x", "readers" } }))).ShouldBe(HttpStatusCode.OK);
        (await server.AnswersAsync("GET", OidcServer.Sweeps, server.Oidc.Token(c => c["aud"] = new[] { "other", "gencluster" }))).ShouldBe(HttpStatusCode.OK);
    }

    [Attack(34, "sends a JWT that nobody has signed (alg none, in any spelling)", "401")]
    public async Task A_token_without_a_signature_is_not_accepted()
    {
        foreach (string alg in new[] { "none", "None", "NONE", "nOnE" })
            await server.RefusesAsync(server.Oidc.Token(head: h => h["alg"] = alg, sign: _ => []), "BadSignature", "Malformed");
        string[] parts = server.Oidc.Token().Split('.');
        await server.RefusesAsync($"{parts[0]}.{parts[1]}.", "BadSignature", "Malformed");
        await server.RefusesAsync($"{parts[0]}.{parts[1]}", "BadSignature", "Malformed");
    }

    [Attack(35, "signs a JWT by HS256 with the provider's public key as the secret", "401")]
    public async Task The_public_key_is_no_secret()
    {
        byte[] pem = Encoding.ASCII.GetBytes(server.Oidc.PublicPem);
        await server.RefusesAsync(server.Oidc.Token(head: h => h["alg"] = "HS256", sign: bytes => HMACSHA256.HashData(pem, bytes)), "BadSignature");
        await server.RefusesAsync(server.Oidc.Token(head: h => h["alg"] = "HS256", sign: bytes => HMACSHA256.HashData(Encoding.ASCII.GetBytes(server.Oidc.PublicPem + "\n"), bytes)), "BadSignature");
    }

    [Attack(36, "signs a JWT with a key of its own, under the provider's key name, or brings the key along", "401")]
    public async Task A_key_of_somebody_else_is_not_accepted()
    {
        using var mine = RSA.Create(2048);
        var p = mine.ExportParameters(false);
        var jwk = new { kty = "RSA", n = Base64Url.EncodeToString(p.Modulus), e = Base64Url.EncodeToString(p.Exponent) };
        byte[] Sign(byte[] bytes) => mine.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

        await server.RefusesAsync(server.Oidc.Token(sign: Sign), "BadSignature");
        await server.RefusesAsync(server.Oidc.Token(head: h => h["kid"] = "mine", sign: Sign), "BadSignature");
        await server.RefusesAsync(server.Oidc.Token(head: h => h["jwk"] = jwk, sign: Sign), "BadSignature");
        await server.RefusesAsync(server.Oidc.Token(head: h => h["jku"] = "http://evil.example/keys", sign: Sign), "BadSignature");
        await server.RefusesAsync(server.Oidc.Token(head: h => h["kid"] = "../../../dev/null", sign: Sign), "BadSignature");
    }

    [Attack(37, "changes a claim of a signed JWT", "401")]
    public async Task A_changed_claim_breaks_the_signature()
    {
        string[] parts = server.Oidc.Token(c => c["realm_access"] = new { roles = new[] { "readers" } }).Split('.');
        string claims = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1])).Replace("readers", "gencluster-admins", StringComparison.Ordinal);

        await server.RefusesAsync($"{parts[0]}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}.{parts[2]}", "BadSignature");
    }

    [Attack(38, "replays a JWT after its end, before its beginning, or one that has no end", "401")]
    public async Task A_token_has_its_time()
    {
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        await server.RefusesAsync(server.Oidc.Token(c => (c["nbf"], c["exp"]) = (now - 600, now - 60)), "Expired");
        await server.RefusesAsync(server.Oidc.Token(c => c["nbf"] = now + 300), "Expired");
        await server.RefusesAsync(server.Oidc.Token(c => c["exp"] = null), "Expired");
    }

    [Attack(39, "replays a JWT that the same provider made for another service, or for none", "401")]
    public async Task A_token_for_another_service_is_not_accepted()
    {
        await server.RefusesAsync(server.Oidc.Token(c => c["aud"] = "grafana"), "WrongAudience");
        await server.RefusesAsync(server.Oidc.Token(c => c["aud"] = new[] { "grafana", "gencluster-dev", "GENCLUSTER" }), "WrongAudience");
        await server.RefusesAsync(server.Oidc.Token(c => c["aud"] = null), "WrongAudience");
    }

    [Attack(40, "brings a JWT of another issuer", "401")]
    public async Task A_token_of_another_issuer_is_not_accepted()
    {
        await server.RefusesAsync(server.Oidc.Token(c => c["iss"] = "https://evil.example"), "WrongIssuer");
        await server.RefusesAsync(server.Oidc.Token(c => c["iss"] = server.Oidc.Issuer + ".evil.example"), "WrongIssuer");
        await server.RefusesAsync(server.Oidc.Token(c => c["iss"] = null), "WrongIssuer");
    }

    [Attack(41, "has a JWT of the provider without a role for this server, or with it in another claim", "403")]
    public async Task Who_has_no_role_does_nothing()
    {
        await server.ForbidsAsync(server.Oidc.Token(c => c["realm_access"] = null), "ada@example.org");
        await server.ForbidsAsync(server.Oidc.Token(c => (c["realm_access"], c["roles"], c["role"]) = (new { roles = "none" }, new[] { "gencluster-admins" }, "admin")), "ada@example.org");
        await server.ForbidsAsync(server.Oidc.Token(c => c["realm_access"] = new { roles = new[] { "gencluster-admins2", "GENCLUSTER-ADMINS", "admin" } }), "ada@example.org");
    }

    [Attack(42, "is called so by the provider that its name could be taken for something else in the log", "each such letter is written as %XX")]
    public async Task A_strange_name_stays_one_word()
    {
        await server.ForbidsAsync(server.Oidc.Token(c => (c["sub"], c["realm_access"]) = ("eve (by ada)\n\u202e", null)), "eve%20%28by%20ada%29%0A%E2%80%AE");
        await server.RefusesAsync(server.Oidc.Token(c => c["sub"] = null), "Malformed");
        await server.RefusesAsync(server.Oidc.Token(c => c["sub"] = new string('x', 300)), "Malformed");
    }
}

/// <summary>A coordinator that knows its callers by an OpenID provider.</summary>
public sealed class OidcServer : AccessKit
{
    public const string Sweeps = SweepPath;

    internal OidcPeer Oidc { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        Oidc = await OidcPeer.StartAsync();
        string rules = WriteRules($$"""
            oidc:
              authority: {{Oidc.Issuer}}
              roleClaim: realm_access.roles
              roles: {admin: [gencluster-admins], viewer: [readers]}
            """);
        await StartOnStoryAsync(Options(AccessMode.Oidc, rules), LogFile);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Oidc.DisposeAsync();
    }

    internal Task<HttpStatusCode> AnswersAsync(string method, string path, string token) => StatusAsync(Ask(method, path, token));

    internal async Task RefusesAsync(string token, params string[] whys)
    {
        var problem = await RefusedAsync(HttpStatusCode.Unauthorized, Ask("GET", SweepPath, token), line => line.Who is null && whys.Contains(line.Why));
        problem.Detail.ShouldBe("the token is not accepted: it is unknown, has ended, or is for another service");
        (await File.ReadAllTextAsync(LogFile, Patience)).ShouldNotContain(token);
    }

    internal Task ForbidsAsync(string token, string name) => RefusedAsync(HttpStatusCode.Forbidden, Ask("GET", SweepPath, token), line => line.Who == name && line.Role is null);
}
