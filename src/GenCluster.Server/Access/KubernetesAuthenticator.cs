using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GenCluster.Configuration.Access;
using GenCluster.Core.Metrics;

namespace GenCluster.Server.Access;

/// <summary>
/// Has a Kubernetes API server review tokens (<c>authentication.k8s.io/v1</c> TokenReview). Only a token that was made for our
/// audience is accepted: one for the API server itself, which any pod may hold, is not, and neither is the answer of a server
/// that knows nothing of audiences.
/// </summary>
/// <param name="http">Reaches the API server, and knows its certificate.</param>
/// <param name="credential">Our own token for it; null: none.</param>
internal sealed class KubernetesAuthenticator(HttpClient http, Func<KubernetesRules> rules, Func<string?> credential, TimeProvider time) : IAuthenticator
{
    private const string ReviewPath = "/apis/authentication.k8s.io/v1/tokenreviews";
    private const string ServiceAccount = "system:serviceaccount:";
    private const int Kept = 1_024;
    private const int AtOnce = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly BoundedCache<string, Subject> known = new(Kept, TimeSpan.FromSeconds(60), time);
    private readonly BoundedCache<string, Identification.Refused> refused = new(Kept, TimeSpan.FromSeconds(10), time); // apart: a flood of these displaces none of those
    private readonly SemaphoreSlim free = new(AtOnce);

    public bool Remembers(string token) => KeyOf(token) is var key && (known.Find(key) is not null || refused.Find(key) is not null);

    public async Task<Identification> IdentifyAsync(string token, CancellationToken cancellation)
    {
        string key = KeyOf(token);
        if (known.Find(key) is { } subject)
            return Identified(subject);
        if (refused.Find(key) is { } refusal)
            return refusal;
        if (!await free.WaitAsync(Patience, cancellation))
            return new Identification.Away("too many tokens wait for the Kubernetes API server");
        try
        {
            return Keep(key, await ReviewAsync(token, cancellation));
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or BrokenFileException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return new Identification.Away($"the Kubernetes API server does not review tokens: {e.GetBaseException().Message.TrimEnd('.')}");
        }
        finally
        {
            free.Release();
        }
    }

    public void Dispose()
    {
        http.Dispose();
        free.Dispose();
    }

    private Identification Keep(string key, Review review)
    {
        if (review.Subject is { } subject)
        {
            known.Keep(key, subject);
            return Identified(subject);
        }

        var refusal = new Identification.Refused(review.Failure);
        refused.Keep(key, refusal);
        return refusal;
    }

    /// <summary>Roles are looked up each time: a change of the rules is in force at once.</summary>
    private Identification Identified(Subject subject) => Caller.Of(subject.User, rules().Roles.Of(PropertiesOf(subject))) is { } caller
        ? new Identification.Known(caller)
        : new Identification.Refused(AuthFailure.Unknown);

    private static IEnumerable<string> PropertiesOf(Subject subject)
    {
        yield return $"user:{subject.User}";
        foreach (string group in subject.Groups)
            yield return $"group:{group}";
        if (subject.User.StartsWith(ServiceAccount, StringComparison.Ordinal) && subject.User[ServiceAccount.Length..].Split(':') is [var name, _])
            yield return $"namespace:{name}";
    }

    private async Task<Review> ReviewAsync(string token, CancellationToken cancellation)
    {
        string audience = rules().Audience;
        using var request = new HttpRequestMessage(HttpMethod.Post, ReviewPath)
        {
            Content = JsonContent.Create(new { apiVersion = "authentication.k8s.io/v1", kind = "TokenReview", spec = new { token, audiences = new[] { audience } } }),
        };
        if (credential() is { } own)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", own);
        using var answer = await http.SendAsync(request, cancellation);
        if (!answer.IsSuccessStatusCode)
            throw new HttpRequestException($"it answers {(int)answer.StatusCode}{(answer.StatusCode is System.Net.HttpStatusCode.Forbidden ? "; the service account needs the cluster role system:auth-delegator" : "")}");
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellation), new JsonDocumentOptions { MaxDepth = 32, AllowDuplicateProperties = false });
        return Review.Of(json.RootElement, audience);
    }

    private static string KeyOf(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private sealed record Subject(string User, IReadOnlyList<string> Groups);

    /// <summary>The answer, taken for what it says: whatever is missing is a refusal.</summary>
    private sealed record Review(Subject? Subject, AuthFailure Failure)
    {
        public static Review Of(JsonElement answer, string audience)
        {
            if (!Member(answer, "status", out var status) || !Member(status, "authenticated", out var yes) || yes.ValueKind is not JsonValueKind.True)
                return new Review(null, AuthFailure.Unknown);
            if (!Texts(status, "audiences").Contains(audience, StringComparer.Ordinal))
                return new Review(null, AuthFailure.WrongAudience);
            return Member(status, "user", out var user) && Member(user, "username", out var name) && name.ValueKind is JsonValueKind.String && name.GetString() is { Length: > 0 } called
                ? new Review(new Subject(called, [.. Texts(user, "groups")]), default)
                : new Review(null, AuthFailure.Unknown);
        }

        private static bool Member(JsonElement of, string name, out JsonElement member)
        {
            member = default;
            return of.ValueKind is JsonValueKind.Object && of.TryGetProperty(name, out member);
        }

        private static IEnumerable<string> Texts(JsonElement of, string name) => Member(of, name, out var list) && list.ValueKind is JsonValueKind.Array
            ? list.EnumerateArray().Where(i => i.ValueKind is JsonValueKind.String).Select(i => i.GetString()!)
            : [];
    }
}
