using System.Text.Json;
using GenCluster.Configuration.Access;
using GenCluster.Core.Metrics;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace GenCluster.Server.Access;

/// <summary>
/// Knows callers by tokens that an OpenID provider has signed: with its keys alone, by an algorithm of two keys alone, for our
/// audience, and with an end. The provider's keys are fetched, and fetched again when a token names one that is not known.
/// </summary>
internal sealed class OidcAuthenticator : IAuthenticator
{
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly JsonWebTokenHandler tokens = new() { MapInboundClaims = false };
    private readonly HttpClient http;
    private readonly Func<OidcRules> rules;
    private readonly ConfigurationManager<OpenIdConnectConfiguration> provider;

    /// <param name="http">Reaches the provider.</param>
    public OidcAuthenticator(HttpClient http, Func<OidcRules> rules)
    {
        this.http = http;
        this.rules = rules;
        var authority = rules().Authority;
        provider = new ConfigurationManager<OpenIdConnectConfiguration>(
            $"{authority.OriginalString.TrimEnd('/')}/.well-known/openid-configuration",
            new OpenIdConnectConfigurationRetriever(),
            new HttpDocumentRetriever(http) { RequireHttps = !authority.IsLoopback });
    }

    public async Task<Identification> IdentifyAsync(string token, CancellationToken cancellation)
    {
        try
        {
            await provider.GetConfigurationAsync(cancellation);
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or HttpRequestException)
        {
            return new Identification.Away($"the provider of identities does not answer: {e.GetBaseException().Message.TrimEnd('.')}");
        }

        var now = rules();
        var result = await tokens.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ConfigurationManager = provider,
            ValidAlgorithms = Algorithms,
            ValidAudience = now.Audience,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ClockSkew = TimeSpan.FromSeconds(30),
        });
        if (!result.IsValid)
            return new Identification.Refused(WhyOf(result.Exception));
        using var payload = JsonDocument.Parse(Base64UrlEncoder.Decode(((JsonWebToken)result.SecurityToken).EncodedPayload));
        return Texts(payload.RootElement, now.NameClaim) is [var name, ..] && Caller.Of(name, now.Roles.Of(Texts(payload.RootElement, now.RoleClaim))) is { } caller
            ? new Identification.Known(caller)
            : new Identification.Refused(AuthFailure.Malformed);
    }

    public void Dispose() => http.Dispose();

    private static AuthFailure WhyOf(Exception fault) => fault switch
    {
        SecurityTokenExpiredException or SecurityTokenNotYetValidException or SecurityTokenNoExpirationException or SecurityTokenInvalidLifetimeException => AuthFailure.Expired,
        SecurityTokenInvalidAudienceException => AuthFailure.WrongAudience,
        SecurityTokenInvalidIssuerException => AuthFailure.WrongIssuer,
        SecurityTokenInvalidSignatureException or SecurityTokenInvalidAlgorithmException or SecurityTokenSignatureKeyNotFoundException => AuthFailure.BadSignature,
        _ => AuthFailure.Malformed,
    };

    /// <summary>The text or texts at a claim. A name with dots is a claim of that name, or else a path.</summary>
    private static string[] Texts(JsonElement payload, string claim)
    {
        var at = payload;
        if (!payload.TryGetProperty(claim, out at))
        {
            at = payload;
            foreach (string part in claim.Split('.'))
            {
                if (at.ValueKind is not JsonValueKind.Object || !at.TryGetProperty(part, out at))
                    return [];
            }
        }

        return at.ValueKind switch
        {
            JsonValueKind.String => [at.GetString()!],
            JsonValueKind.Array => [.. at.EnumerateArray().Where(i => i.ValueKind is JsonValueKind.String).Select(i => i.GetString()!)],
            _ => [],
        };
    }
}
