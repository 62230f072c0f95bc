using System.Text.RegularExpressions;
using GenCluster.Dashboards.Tests;
using GenCluster.EndToEnd.Tests.Support;

namespace GenCluster.EndToEnd.Tests.Monitoring;

/// <summary>A GAN that is made to collapse is told of. That one that learns is not, is in <see cref="DashboardDataTests"/>.</summary>
[Trait("Speed", "Slow")]
public sealed partial class CollapseTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_generator_that_draws_one_image_again_and_again_raises_the_alert()
    {
        await using var sandbox = new Sandbox("collapse");
        var run = await MonitoredProcesses.StartAsync(sandbox, workers: 1, [AtOnce(sandbox)], [], Cancellation);
        await using var prometheus = run.Prometheus;
        var ending = await sandbox.StartWith(["submit", sandbox.File, "--wait", "--server", $"{run.Api}"]).EndAsync();
        ending.Code.ShouldBe(0, ending.ToString());

        var firing = await run.ShowAsync("""ALERTS{alertname="GenClusterModeCollapse", alertstate="firing"}""", Cancellation);

        firing.ShouldNotBeEmpty();
        firing.ShouldAllBe(alert => alert.Labels["sweep"] == "collapse" && alert.Labels["trial"] == "1" && alert.Labels["severity"] == "warning");
        (await run.ShowAsync("gencluster_gan_sample_diversity", Cancellation)).Max(sample => sample.Value).ShouldBeGreaterThan(0.05, "its images were different before");
    }

    /// <summary>The rules as they are, but for how long they must hold: nobody trains a wreck for five minutes here.</summary>
    private static string AtOnce(Sandbox sandbox)
    {
        string file = sandbox.File + ".rules.yaml";
        File.WriteAllText(file, For().Replace(File.ReadAllText(Deployed.PathOf("deploy/prometheus/rules/models.yaml")), ""));
        return file;
    }

    [GeneratedRegex(@"^ +for: .+\n", RegexOptions.Multiline)]
    private static partial Regex For();
}
