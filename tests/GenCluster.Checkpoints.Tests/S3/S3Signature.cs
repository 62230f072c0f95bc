using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace GenCluster.Checkpoints.Tests.S3;

/// <summary>The server's half of AWS Signature Version 4, for headers: computes the signature anew and compares.</summary>
internal static class S3Signature
{
    private const string Scheme = "AWS4-HMAC-SHA256";

    /// <summary>What is wrong with a request, as an error code; null when it was signed with this key.</summary>
    public static string? FaultOf(HttpRequest request, byte[] body, string accessKey, string secret)
    {
        string authorization = request.Headers.Authorization.ToString();
        if (!authorization.StartsWith(Scheme + " ", StringComparison.Ordinal))
            return "AccessDenied";
        var fields = authorization[Scheme.Length..].Split(',', StringSplitOptions.TrimEntries).Select(field => field.Split('=', 2)).ToDictionary(field => field[0], field => field[1]);
        string[] scope = fields["Credential"].Split('/'); // key, date, region, service, aws4_request
        if (scope[0] != accessKey)
            return "InvalidAccessKeyId";

        string payload = request.Headers["x-amz-content-sha256"].ToString();
        if (payload != "UNSIGNED-PAYLOAD" && payload != Hex(SHA256.HashData(body)))
            return "XAmzContentSHA256Mismatch";
        string toSign = string.Join('\n', Scheme, request.Headers["x-amz-date"].ToString(), string.Join('/', scope[1..]), Hex(SHA256.HashData(Utf8(Canonical(request, fields["SignedHeaders"], payload)))));
        byte[] key = scope[1..].Aggregate(Utf8("AWS4" + secret), (k, part) => HMACSHA256.HashData(k, Utf8(part)));
        return fields["Signature"] == Hex(HMACSHA256.HashData(key, Utf8(toSign))) ? null : "SignatureDoesNotMatch";
    }

    private static string Canonical(HttpRequest request, string signedHeaders, string payload)
    {
        string[] target = request.HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?', 2);
        var query = (target.Length > 1 ? target[1] : "").Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Contains('=', StringComparison.Ordinal) ? pair : pair + "=").Order(StringComparer.Ordinal);
        var headers = signedHeaders.Split(';').Select(name => $"{name}:{string.Join(',', request.Headers[name].Select(value => value!.Trim()))}\n");
        return string.Join('\n', request.Method, target[0], string.Join('&', query), string.Concat(headers), signedHeaders, payload);
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
