using GenCluster.Cli.CommandLine;
using GenCluster.Helm.Tests.Support;
using k8s.Models;

namespace GenCluster.Helm.Tests;

/// <summary>A sweep as a release.</summary>
public sealed class SweepChartTests
{
    private const string Server = "http://gencluster.ml.svc.cluster.local:8080";

    [Fact]
    public async Task A_job_submits_the_sweep_or_changes_it_and_follows_it()
    {
        var manifests = await Chart.Sweep.RenderAsync("quickstart");

        Follow(manifests).Spec.Template.Spec.Containers.ShouldHaveSingleItem().Args.ShouldBe(
            ["submit", "/etc/gencluster/sweep/sweep.yaml", "--edit", "--wait", "--server", Server]);
        manifests.One<V1ConfigMap>("lab").Data["sweep.yaml"].ShouldContain("name: clothes");
    }

    [Fact]
    public async Task Its_end_is_the_sweeps_end()
    {
        var policy = Follow(await Chart.Sweep.RenderAsync("quickstart")).Spec.PodFailurePolicy.Rules;

        policy[0].OnPodConditions.ShouldHaveSingleItem().Type.ShouldBe("DisruptionTarget");
        ActionFor(ExitCode.Failed).ShouldBe("FailJob");
        ActionFor(ExitCode.WrongInput).ShouldBe("FailJob");
        ActionFor(ExitCode.Interrupted).ShouldBe("Ignore");
        ActionFor(ExitCode.NoAnswer).ShouldBe("Count");

        string ActionFor(int code) => policy.FirstOrDefault(r => r.OnExitCodes?.Values.Contains(code) == true)?.Action ?? "Count";
    }

    [Fact]
    public async Task Another_file_is_another_job_and_the_same_values_are_the_same_one()
    {
        string before = Follow(await Chart.Sweep.RenderAsync("quickstart")).Name();
        var again = await HelmProgram.RunAsync("template", "lab", Chart.Sweep.Folder, "-n", "ml", "-f", Chart.Sweep.ValuesFile("quickstart"));
        var changed = await HelmProgram.RunAsync("template", "lab", Chart.Sweep.Folder, "-n", "ml", "-f", Chart.Sweep.ValuesFile("quickstart"), "--set", "job.backoffLimit=3");

        Follow(Manifests.Read(again.Out)).Name().ShouldBe(before);
        Follow(Manifests.Read(changed.Out)).Name().ShouldNotBe(before, "a job cannot be changed");
    }

    [Fact]
    public async Task Uninstalling_cancels_what_still_runs()
    {
        var manifests = await Chart.Sweep.RenderAsync("quickstart");

        var cancel = manifests.One<V1Job>("lab-cancel");
        cancel.Metadata.Annotations["helm.sh/hook"].ShouldBe("pre-delete");
        cancel.Spec.Template.Spec.Containers.ShouldHaveSingleItem().Args.ShouldBe(["cancel", "clothes", "--if-running", "--server", Server]);
        cancel.Spec.ActiveDeadlineSeconds.ShouldBe(300);
        cancel.Spec.Template.Spec.Volumes.ShouldNotContain(v => v.ConfigMap != null, "the name is enough");
        (await Chart.Sweep.RenderAsync("everything-else")).All<V1Job>().ShouldHaveSingleItem().Spec.Template.Spec.Containers[0].Name.ShouldBe("follow");
    }

    [Fact]
    public async Task It_shows_a_token_for_the_coordinators_audience_and_for_no_other()
    {
        var manifests = await Chart.Sweep.RenderAsync("quickstart");

        var pod = Follow(manifests).Spec.Template.Spec;
        var token = pod.Volumes.Single(v => v.Name == "token").Projected.Sources.ShouldHaveSingleItem().ServiceAccountToken;
        (token.Audience, token.ExpirationSeconds, token.Path).ShouldBe(("gencluster", 3600L, "token"));
        pod.ServiceAccountName.ShouldBe(manifests.One<V1ServiceAccount>().Name());
        pod.Containers[0].Env.ShouldContain(e => e.Name == "GENCLUSTER_TOKEN_FILE" && e.Value == "/etc/gencluster/token/token");
    }

    [Fact]
    public async Task File_and_token_can_be_somebody_elses()
    {
        var pod = Follow(await Chart.Sweep.RenderAsync("config-map")).Spec.Template.Spec;

        var file = pod.Volumes.Single(v => v.Name == "sweep").ConfigMap;
        (file.Name, file.Items[0].Key, file.Items[0].Path).ShouldBe(("sweeps", "tonight.yaml", "sweep.yaml"));
        pod.Volumes.Single(v => v.Name == "token").Secret.SecretName.ShouldBe("submitter");
        pod.Volumes.Single(v => v.Name == "authority").Secret.Items[0].Key.ShouldBe("ca.crt");
        pod.Containers[0].Env.ShouldContain(e => e.Name == "SSL_CERT_FILE" && e.Value == "/etc/gencluster/authority/ca.crt");
    }

    [Fact]
    public async Task A_job_has_a_deadline_where_it_was_given_one()
    {
        Follow(await Chart.Sweep.RenderAsync("quickstart")).Spec.ActiveDeadlineSeconds.ShouldBeNull("the sweep has its own budget");
        var spec = Follow(await Chart.Sweep.RenderAsync("everything-else")).Spec;
        (spec.ActiveDeadlineSeconds, spec.TtlSecondsAfterFinished, spec.BackoffLimit).ShouldBe((3600L, 60, 3));
        spec.Template.Spec.Volumes.ShouldNotContain(v => v.Name == "token");
    }

    [Theory]
    [InlineData("quickstart", "8080")]
    [InlineData("config-map", "443")]
    public async Task It_reaches_the_servers_port_and_nothing_else(string values, string port)
    {
        var policy = (await Chart.Sweep.RenderAsync(values)).One<V1NetworkPolicy>().Spec;

        policy.Ingress.ShouldBeNull();
        policy.Egress.SelectMany(r => r.Ports).Select(p => p.Port.Value).ShouldBe(["53", "53", port]);
    }

    private static V1Job Follow(Manifests manifests) => manifests.All<V1Job>().Single(j => j.Spec.Template.Spec.Containers[0].Name == "follow");
}
