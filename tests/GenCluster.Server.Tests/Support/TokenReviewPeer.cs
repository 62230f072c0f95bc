using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace GenCluster.Server.Tests.Support;

/// <summary>
/// The TokenReview resource of a Kubernetes API server (<c>authentication.k8s.io/v1</c>): a known reviewer alone may ask, and the
/// whole object comes back with a status.
/// </summary>
internal sealed class TokenReviewPeer : IAsyncDisposable
{
    public const string Credential = "reviewer-credential";

    private readonly ConcurrentDictionary<string, string> statuses = new();
    private int asked;
    private Peer? peer;

    public string Address => peer!.Address;

    public int Asked => Volatile.Read(ref asked);

    public static async Task<TokenReviewPeer> StartAsync(X509Certificate2 certificate)
    {
        var reviews = new TokenReviewPeer();
        reviews.peer = await Peer.StartAsync(reviews.AnswerAsync, certificate);
        return reviews;
    }

    /// <summary>A service account's token, good for these audiences.</summary>
    public void Knows(string token, string user, params string[] audiences) => Says(token, JsonSerializer.Serialize(new
    {
        authenticated = true,
        user = new { username = user, uid = "1f1e", groups = new[] { "system:serviceaccounts", "system:serviceaccounts:ml", "system:authenticated" } },
        audiences,
    }));

    /// <summary>This status, whatever it is.</summary>
    public void Says(string token, string status) => statuses[token] = status;

    public void Forgets(string token) => statuses.TryRemove(token, out _);

    public ValueTask DisposeAsync() => peer!.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref asked);
        if (context.Request.Headers.Authorization != $"Bearer {Credential}")
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        using var review = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
        var spec = review.RootElement.GetProperty("spec");
        bool isReview = context.Request.Method == "POST" && context.Request.Path == "/apis/authentication.k8s.io/v1/tokenreviews"
            && review.RootElement.GetProperty("kind").GetString() == "TokenReview" && review.RootElement.GetProperty("apiVersion").GetString() == "authentication.k8s.io/v1"
            && spec.GetProperty("audiences").EnumerateArray().Single().GetString() == "gencluster";
        context.Response.StatusCode = isReview ? StatusCodes.Status201Created : StatusCodes.Status400BadRequest;
        context.Response.ContentType = "application/json";
        string status = statuses.GetValueOrDefault(spec.GetProperty("token").GetString()!, """{"user": {}, "error": "[invalid bearer token, service account token has been invalidated]"}""");
        await context.Response.WriteAsync(
            $$"""{"kind": "TokenReview", "apiVersion": "authentication.k8s.io/v1", "metadata": {"creationTimestamp": null}, "spec": {{spec.GetRawText()}}, "status": {{status}}}""",
            context.RequestAborted);
    }
}
