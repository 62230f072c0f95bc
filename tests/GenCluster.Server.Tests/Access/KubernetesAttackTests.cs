using System.Net;
using GenCluster.Server.Access;
using GenCluster.Server.Tests.Support;

namespace GenCluster.Server.Tests.Access;

/// <summary>Tokens that a Kubernetes API server reviews.</summary>
public sealed class KubernetesAttackTests : AccessKit
{
    private const string Account = "system:serviceaccount:ml:trainer";

    private readonly MovableTime time = new();
    private readonly TestAuthority authority = new("the cluster's");
    private TokenReviewPeer reviews = null!;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await reviews.DisposeAsync();
        authority.Dispose();
    }

    [Fact]
    public async Task A_service_account_has_the_highest_role_that_its_name_its_groups_or_its_namespace_give()
    {
        await StartAsync();
        reviews.Knows("trainer", Account, "gencluster");
        reviews.Knows("ops", "system:serviceaccount:ml:ops", "gencluster");
        long mark = Mark();

        (await StatusAsync(Ask("POST", SweepPath, "trainer", Sweep))).ShouldBe(HttpStatusCode.Created);
        (await StatusAsync(Ask("POST", SweepPath, "ops", Sweep))).ShouldBe(HttpStatusCode.OK);

        await AuditedAsync(mark, l => l is { Event: "change", Who: Account, Role: "submitter" });
        await AuditedAsync(mark, l => l is { Event: "change", Who: "system:serviceaccount:ml:ops", Role: "admin" });
    }

    [Attack(43, "brings a token of a pod that was made for the cluster's own API server, or for another service", "401")]
    public async Task A_token_for_another_audience_is_not_accepted()
    {
        await StartAsync();
        reviews.Knows("default", Account, "https://kubernetes.default.svc.cluster.local");
        reviews.Knows("no-audiences", Account);
        reviews.Says("unaware", "{\"authenticated\": true, \"user\": {\"username\": \"" + Account + "\"}}");

        foreach (string token in new[] { "default", "no-audiences", "unaware" })
            await RefusedAsync(HttpStatusCode.Unauthorized, Ask("GET", SweepPath, token), line => line.Why == "WrongAudience");
    }

    [Attack(44, "brings a token that the cluster does not know, with an answer that could be misread", "401; an answer that says a thing twice: 503")]
    public async Task Only_a_plain_yes_is_a_yes()
    {
        await StartAsync();
        string user = "\"user\": {\"username\": \"" + Account + "\"}, \"audiences\": [\"gencluster\"]";
        reviews.Says("no", $$"""{"authenticated": false, {{user}}}""");
        reviews.Says("text", $$"""{"authenticated": "true", {{user}}}""");
        reviews.Says("nobody", """{"authenticated": true, "user": {"username": ""}, "audiences": ["gencluster"]}""");
        reviews.Says("silent", "null");
        reviews.Says("twice", $$"""{"authenticated": false, "authenticated": true, {{user}}}""");

        foreach (string token in new[] { "unknown", "no", "text", "nobody", "silent" })
            await RefusedAsync(HttpStatusCode.Unauthorized, Ask("GET", SweepPath, token), line => line.Why == "Unknown");
        await RefusedAsync(HttpStatusCode.ServiceUnavailable, Ask("GET", SweepPath, "twice"), line => line.Why == "Away");
    }

    [Attack(45, "replays a token after the cluster has revoked it", "401 after at most 60 s, for which an answer is kept")]
    public async Task A_revoked_token_is_not_accepted_beyond_a_minute()
    {
        await StartAsync();
        reviews.Knows("trainer", Account, "gencluster");
        (await StatusAsync(Ask("GET", SweepPath, "trainer"))).ShouldBe(HttpStatusCode.OK);
        reviews.Forgets("trainer");

        time.Advance(TimeSpan.FromSeconds(40));
        (await StatusAsync(Ask("GET", SweepPath, "trainer"))).ShouldBe(HttpStatusCode.OK);
        reviews.Asked.ShouldBe(1);
        time.Advance(TimeSpan.FromSeconds(20));

        await RefusedAsync(HttpStatusCode.Unauthorized, Ask("GET", SweepPath, "trainer"), line => line.Why == "Unknown");
        reviews.Asked.ShouldBe(2);
    }

    [Attack(46, "stands between the server and the cluster, with a certificate of another authority", "503; no token is sent there")]
    public async Task A_cluster_with_a_certificate_of_somebody_else_is_not_asked()
    {
        using var other = new TestAuthority("somebody else's");
        await StartAsync(believed: other);
        reviews.Knows("trainer", Account, "gencluster");

        var problem = await RefusedAsync(HttpStatusCode.ServiceUnavailable, Ask("GET", SweepPath, "trainer"), line => line is { Why: "Away", Who: null });

        problem.Detail.ShouldStartWith("the Kubernetes API server does not review tokens: ");
        reviews.Asked.ShouldBe(0);
    }

    [Attack(47, "has a good token of the cluster, and no role here", "403")]
    public async Task An_account_without_a_role_does_nothing()
    {
        await StartAsync();
        reviews.Knows("web", "system:serviceaccount:ml-other:web", "gencluster");
        reviews.Knows("lookalike", "user:system:serviceaccount:ml:ops", "gencluster");

        await RefusedAsync(HttpStatusCode.Forbidden, Ask("GET", SweepPath, "web"), line => line is { Who: "system:serviceaccount:ml-other:web", Role: null });
        await RefusedAsync(HttpStatusCode.Forbidden, Ask("GET", SweepPath, "lookalike"), line => line.Role is null);
    }

    private async Task StartAsync(TestAuthority? believed = null)
    {
        reviews = await TokenReviewPeer.StartAsync(authority.Issue("the API server").Certificate);
        string ca = Path.Combine(Folder, "ca.crt"), credential = Path.Combine(Folder, "credential");
        await File.WriteAllTextAsync(ca, (believed ?? authority).Pem);
        await File.WriteAllTextAsync(credential, TokenReviewPeer.Credential + "\n");
        string rules = WriteRules($$"""
            kubernetes:
              server: {{reviews.Address}}
              caFile: {{ca}}
              tokenFile: {{credential}}
              roles: {admin: ["user:system:serviceaccount:ml:ops"], submitter: ["namespace:ml"]}
            """);
        await StartApiAsync(api: Options(AccessMode.Kubernetes, rules) with { Time = time }, log: LogFile);
    }
}
