using GenCluster.Helm.Tests.Support;
using k8s.Models;

namespace GenCluster.Helm.Tests;

/// <summary>Who may use the API, and who reaches which port.</summary>
public sealed class SecurityTests
{
    private const string Coordinator = "lab-gencluster-coordinator", Worker = "lab-gencluster-worker";

    [Fact]
    public async Task Tokens_of_service_accounts_are_reviewed_with_the_one_right_that_takes()
    {
        var manifests = await Chart.Cluster.RenderAsync("defaults");

        var binding = manifests.One<V1ClusterRoleBinding>();
        (binding.RoleRef.Kind, binding.RoleRef.Name).ShouldBe(("ClusterRole", "system:auth-delegator"));
        var subject = binding.Subjects.ShouldHaveSingleItem();
        (subject.Kind, subject.Name, subject.NamespaceProperty).ShouldBe(("ServiceAccount", Coordinator, "ml"));
        AfterOption(manifests, "--auth").ShouldBe("kubernetes");
    }

    [Theory]
    [InlineData("tokens")]
    [InlineData("oidc")]
    [InlineData("no-authentication")]
    public async Task Otherwise_nothing_of_the_cluster_is_asked(string values)
    {
        var manifests = await Chart.Cluster.RenderAsync(values);

        manifests.All<V1ClusterRoleBinding>().ShouldBeEmpty();
        manifests.All<V1Role>().ShouldBeEmpty();
        manifests.Pods.ShouldAllBe(p => p.Spec.AutomountServiceAccountToken == false);
    }

    [Fact]
    public async Task A_tokens_file_comes_from_a_secret()
    {
        var manifests = await Chart.Cluster.RenderAsync("tokens");

        AfterOption(manifests, "--auth").ShouldBe("tokens");
        AfterOption(manifests, "--tokens").ShouldBe("/etc/gencluster/tokens/tokens");
        manifests.Pod(Coordinator).Volumes.Single(v => v.Name == "tokens").Secret.SecretName.ShouldBe("gencluster-tokens");
        manifests.Pod(Coordinator).Volumes.Single(v => v.Name == "tokens").Secret.DefaultMode.ShouldBe(0b100_100_000);
    }

    [Fact]
    public async Task An_issuer_is_named_with_the_audience_and_with_who_has_which_role()
    {
        var manifests = await Chart.Cluster.RenderAsync("oidc");

        AfterOption(manifests, "--auth").ShouldBe("oidc");
        AccessOf(manifests).ShouldStartWith(
            """
            apiVersion: gencluster/v1
            kind: Access
            oidc:
              authority: https://id.example.org/realms/ml
              audience: "ml"
              nameClaim: "sub"
              roleClaim: "realm_access.roles"
              roles:
                admin:
                - ml-admins
                submitter:
                - researchers
                viewer:
                - everybody
            """);
    }

    [Fact]
    public async Task Service_accounts_of_the_namespace_may_submit_unless_others_are_named()
    {
        AccessOf(await Chart.Cluster.RenderAsync("defaults")).ShouldContain("    submitter:\n    - namespace:ml\n");

        string access = AccessOf(await Chart.Cluster.RenderAsync("hpa"));
        access.ShouldContain("    submitter:\n    - namespace:vision\n    - user:system:serviceaccount:ml:nightly\n");
        access.ShouldContain("    admin:\n    - group:ml-admins\n");
        access.ShouldNotContain("namespace:ml\n");
    }

    [Fact]
    public async Task Programs_of_others_than_admins_are_listed_with_that_of_helm_test()
    {
        var manifests = await Chart.Cluster.RenderAsync("hpa");

        AccessOf(manifests).ShouldEndWith(
            """
            commands: # the last one is what `helm test` submits
              - command:
                - python3
                - train.py
                - ${args}
                environment:
                - SEED
              - command:
                - /bin/sh
                - -c
                - echo 'loss=0.5'

            """);
        manifests.One<V1ConfigMap>("lab-gencluster-test").Data["sweep.yaml"].ShouldContain("""command: ["/bin/sh", "-c", "echo 'loss=0.5'"]""");
    }

    [Fact]
    public async Task The_api_answers_to_the_names_that_clients_use()
    {
        NamesOf(await Chart.Cluster.RenderAsync("everything-else"), "vision-search-coordinator").ShouldBe(["vision-search.ml.svc.k8s.example.org"]);
        NamesOf(await Chart.Cluster.RenderAsync("tokens"), Coordinator).ShouldBe(["lab-gencluster.ml.svc.cluster.local", "gencluster.example.org"]);
    }

    [Fact]
    public async Task The_api_speaks_https_where_it_has_a_certificate_and_is_probed_so()
    {
        var manifests = await Chart.Cluster.RenderAsync("oidc");

        AfterOption(manifests, "--http-certificate").ShouldBe("/etc/gencluster/https/tls.crt");
        manifests.Container(Coordinator).ReadinessProbe.HttpGet.Scheme.ShouldBe("HTTPS");
        manifests.Container(Coordinator).LivenessProbe.HttpGet.Scheme.ShouldBeNull();
        manifests.One<V1Pod>().Spec.Containers[0].Args.ShouldContain("https://lab-gencluster.ml.svc.cluster.local:8080");
        manifests.One<V1Pod>().Spec.Volumes.Single(v => v.Name == "https").Secret.Items.ShouldHaveSingleItem().Key.ShouldBe("ca.crt");
    }

    [Fact]
    public async Task Without_authentication_the_api_is_on_loopback_and_has_no_service()
    {
        var manifests = await Chart.Cluster.RenderAsync("no-authentication");

        AfterOption(manifests, "--http-bind").ShouldBe("127.0.0.1");
        manifests.All<V1Service>().Select(s => s.Name()).ShouldBe(["lab-gencluster-nodes"]);
        manifests.Container(Coordinator).Ports.ShouldNotContain(p => p.Name == "http");
        manifests.Container(Coordinator).ReadinessProbe.HttpGet.Port.Value.ShouldBe("metrics");
        manifests.All<V1Pod>().ShouldBeEmpty("a test from outside the pod cannot reach it");
        manifests.All<V1NetworkPolicy>().ShouldBeEmpty();
    }

    [Fact]
    public async Task Coordinators_and_workers_get_the_same_three_files_for_tls()
    {
        var manifests = await Chart.Cluster.RenderAsync("tls");

        string[] files = ["--tls-certificate", "/etc/gencluster/tls/tls.crt", "--tls-key", "/etc/gencluster/tls/tls.key", "--tls-ca", "/etc/gencluster/tls/ca.crt"];
        foreach (string of in (string[])[Coordinator, Worker])
        {
            manifests.Container(of).Args.SkipWhile(a => a != "--tls-certificate").Take(6).ShouldBe(files);
            manifests.Pod(of).Volumes.Single(v => v.Name == "tls").Secret.SecretName.ShouldBe("gencluster-tls");
        }

        (await Chart.Cluster.RenderAsync("tls")).Container(Worker).Args.ShouldNotContain("--insecure-network");
        (await Chart.Cluster.RenderAsync("defaults")).Container(Coordinator).Args.ShouldNotContain("--tls-ca");
        (await Chart.Cluster.RenderAsync("defaults")).Container(Worker).Args.ShouldContain("--insecure-network");
    }

    [Fact]
    public async Task Cert_manager_makes_the_secret_that_pods_mount()
    {
        var manifests = await Chart.Cluster.RenderAsync("cert-manager");

        var certificate = manifests.One<Certificate>().Spec;
        certificate.SecretName.ShouldBe(manifests.Pod(Worker).Volumes.Single(v => v.Name == "tls").Secret.SecretName);
        (certificate.IssuerRef.Name, certificate.IssuerRef.Kind).ShouldBe(("ml", "ClusterIssuer"));
        certificate.DnsNames.ShouldBe(["*.lab-gencluster-nodes.ml.svc.cluster.local"]);
        certificate.Usages.ShouldBe(["digital signature", "key encipherment", "server auth", "client auth"]);
    }

    [Theory]
    [InlineData("defaults")]
    [InlineData("three-coordinators")]
    [InlineData("trial-database")]
    [InlineData("tokens")]
    public async Task Every_pod_is_shut_and_opened_for_what_it_needs_alone(string values)
    {
        var manifests = await Chart.Cluster.RenderAsync(values);
        var policies = manifests.All<V1NetworkPolicy>().ToList();

        var deny = policies.Single(p => p.Name() == "lab-gencluster-deny");
        deny.Spec.Ingress.ShouldBeNull();
        deny.Spec.Egress.ShouldBeNull();
        manifests.Pods.ShouldAllBe(p => Selects(deny, p.Metadata));
        foreach (var (of, metadata, _) in manifests.Pods)
            policies.Count(p => p != deny && Selects(p, metadata)).ShouldBe(1, of);
        policies.ShouldAllBe(p => p.Spec.PolicyTypes.SequenceEqual(new[] { "Ingress", "Egress" }));
        policies.SelectMany(p => p.Spec.Ingress ?? []).ShouldAllBe(r => r.FromProperty != null && r.FromProperty.Count > 0 && r.Ports.Count == 1);
        policies.SelectMany(p => p.Spec.Egress ?? []).ShouldAllBe(r => r.Ports != null && r.Ports.Count > 0);
    }

    [Fact]
    public async Task Ports_are_open_to_those_who_use_them()
    {
        var manifests = await Chart.Cluster.RenderAsync("three-coordinators");

        Admitted(manifests, Coordinator).ShouldBe(["4053 coordinator worker", "8080 *", "9464 monitoring"]);
        Admitted(manifests, Worker).ShouldBe(["4054 coordinator", "4055 worker", "9464 monitoring"]);
        Reached(manifests, Coordinator).ShouldBe(["53,53", "4053 coordinator", "4054 worker", "5432", "443,6443"]);
        Reached(manifests, Worker).ShouldBe(["53,53", "4053 coordinator", "4055 worker", "443"]);
        Reached(manifests, "lab-gencluster-migrate").ShouldBe(["53,53", "5432"]);
    }

    [Fact]
    public async Task The_trial_database_talks_to_coordinators_alone()
    {
        var manifests = await Chart.Cluster.RenderAsync("trial-database");

        Admitted(manifests, "lab-gencluster-trial-database").ShouldBe(["5432 coordinator"]);
        Reached(manifests, "lab-gencluster-trial-database").ShouldBeEmpty();
        Reached(manifests, Coordinator).ShouldContain("5432 trial-database");
    }

    [Fact]
    public async Task The_api_can_be_for_some_alone()
    {
        Admitted(await Chart.Cluster.RenderAsync("tokens"), Coordinator).ShouldContain("8080 ingress-nginx test");
        Reached(await Chart.Cluster.RenderAsync("everything-else"), "vision-search-coordinator").ShouldContain("8443 10.9.0.0/16");
    }

    private static string? AfterOption(Manifests manifests, string option) => manifests.Container(Coordinator).Args.SkipWhile(a => a != option).Skip(1).FirstOrDefault();

    private static string AccessOf(Manifests manifests) => manifests.One<V1ConfigMap>("lab-gencluster-access").Data["access.yaml"];

    private static string[] NamesOf(Manifests manifests, string coordinator) =>
        [.. manifests.Container(coordinator).Args.Zip(manifests.Container(coordinator).Args.Skip(1), (option, value) => option == "--http-host" ? value : "").Where(n => n.Length > 0)];

    private static bool Selects(V1NetworkPolicy policy, V1ObjectMeta pod) => policy.Spec.PodSelector.MatchLabels.All(l => pod.Labels.TryGetValue(l.Key, out string? value) && value == l.Value);

    private static IEnumerable<string> Admitted(Manifests manifests, string policy) =>
        manifests.One<V1NetworkPolicy>(policy).Spec.Ingress.Select(r => Told(r.Ports, r.FromProperty));

    private static IEnumerable<string> Reached(Manifests manifests, string policy) =>
        (manifests.One<V1NetworkPolicy>(policy).Spec.Egress ?? []).Select(r => Told(r.Ports, r.To));

    /// <summary>A rule as a line: its ports, and who.</summary>
    private static string Told(IList<V1NetworkPolicyPort> ports, IList<V1NetworkPolicyPeer>? peers) =>
        string.Join(' ', (peers ?? []).Select(Who).Prepend(string.Join(',', ports.Select(p => p.Port.Value))));

    private static string Who(V1NetworkPolicyPeer peer) =>
        peer.IpBlock?.Cidr
        ?? peer.NamespaceSelector?.MatchLabels["kubernetes.io/metadata.name"]
        ?? (peer.PodSelector.MatchLabels is { } labels ? labels["app.kubernetes.io/component"] : "*");
}
