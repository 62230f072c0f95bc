using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace GenCluster.Server.Tests.Support;

/// <summary>
/// An OpenID provider: its discovery document and its keys (RFC 8414, RFC 7517), and tokens that it signs (RFC 7519). Tokens are
/// written by hand, so that they can be as wrong as an attacker likes.
/// </summary>
internal sealed class OidcPeer : IAsyncDisposable
{
    private const string KeyName = "key-1";

    private readonly RSA key = RSA.Create(2048);
    private Peer? peer;

    public string Issuer => peer!.Address;

    /// <summary>The public key as everybody can fetch it.</summary>
    public string PublicPem => key.ExportSubjectPublicKeyInfoPem();

    public static async Task<OidcPeer> StartAsync()
    {
        var oidc = new OidcPeer();
        oidc.peer = await Peer.StartAsync(oidc.AnswerAsync);
        return oidc;
    }

    /// <summary>A token with these claims; those of a good one where they say nothing else. A null takes one away.</summary>
    public string Token(Action<Dictionary<string, object?>>? change = null, Action<Dictionary<string, object?>>? head = null, Func<byte[], byte[]>? sign = null)
    {
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var claims = new Dictionary<string, object?>
        {
            ["iss"] = Issuer,
            ["aud"] = "gencluster",
            ["sub"] = "ada@example.org",
            ["iat"] = now,
            ["nbf"] = now,
            ["exp"] = now + 600,
            ["realm_access"] = new { roles = new[] { "gencluster-admins" } },
        };
        var header = new Dictionary<string, object?> { ["alg"] = "RS256", ["typ"] = "JWT", ["kid"] = KeyName };
        change?.Invoke(claims);
        head?.Invoke(header);
        string signed = $"{Part(header)}.{Part(claims)}";
        sign ??= bytes => key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{signed}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    public async ValueTask DisposeAsync()
    {
        await peer!.DisposeAsync();
        key.Dispose();
    }

    private static string Part(Dictionary<string, object?> members) =>
        Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(members.Where(m => m.Value is not null).ToDictionary()));

    private Task AnswerAsync(HttpContext context)
    {
        var parameters = key.ExportParameters(includePrivateParameters: false);
        object? answer = context.Request.Path.Value switch
        {
            "/.well-known/openid-configuration" => new
            {
                issuer = Issuer,
                jwks_uri = $"{Issuer}/keys",
                authorization_endpoint = $"{Issuer}/authorize",
                response_types_supported = new[] { "code" },
                subject_types_supported = new[] { "public" },
                id_token_signing_alg_values_supported = new[] { "RS256" },
            },
            "/keys" => new
            {
                keys = new[] { new { kty = "RSA", use = "sig", alg = "RS256", kid = KeyName, n = Base64Url.EncodeToString(parameters.Modulus), e = Base64Url.EncodeToString(parameters.Exponent) } },
            },
            _ => null,
        };
        context.Response.StatusCode = answer is null ? StatusCodes.Status404NotFound : StatusCodes.Status200OK;
        return answer is null ? Task.CompletedTask : context.Response.WriteAsJsonAsync(answer, context.RequestAborted);
    }
}
