using System.Text.RegularExpressions;
using GenCluster.Dashboards.Tests;
using GenCluster.EndToEnd.Tests.Support;
using GenCluster.TestServers;

namespace GenCluster.EndToEnd.Tests.Monitoring;

/// <summary>A GAN that is made to collapse is told of, and one that learns is not.</summary>
[Trait("Speed", "Slow")]
public sealed partial class CollapseTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_generator_that_draws_one_image_again_and_again_raises_the_alert()
    {
        var (alerts, diversity) = await TrainAsync("optimizer: {generator: {learningRate: 0.5}, discriminator: {learningRate: 1.0e-4}}");

        diversity.Max(sample => sample.Value).ShouldBeGreaterThan(0.05, "its images were different before");
        alerts.ShouldNotBeEmpty();
        alerts.ShouldAllBe(alert => alert.Labels["sweep"] == "collapse" && alert.Labels["trial"] == "1" && alert.Labels["severity"] == "warning");
    }

    [Fact]
    public async Task A_generator_that_learns_does_not()
    {
        var (alerts, diversity) = await TrainAsync("optimizer: {generator: {learningRate: 1.0e-3}, discriminator: {learningRate: 1.0e-3}}");

        diversity.Max(sample => sample.Value).ShouldBeGreaterThan(0.05, "it was looked at");
        alerts.ShouldBeEmpty();
    }

    /// <summary>One trial from its first step to its last.</summary>
    private static async Task<(IReadOnlyList<QueriedSample> Alerts, IReadOnlyList<QueriedSample> Diversity)> TrainAsync(string optimizer)
    {
        await using var sandbox = new Sandbox("collapse", text => text.Replace("optimizer: {}", optimizer, StringComparison.Ordinal));
        var run = await MonitoredProcesses.StartAsync(sandbox, workers: 1, [AtOnce(sandbox)], []);
        await using var prometheus = run.Prometheus;
        var ending = await sandbox.StartWith(["submit", sandbox.File, "--wait", "--server", $"{run.Api}"]).EndAsync();
        ending.Code.ShouldBe(0, ending.ToString());

        return (
            await run.ShowAsync("""ALERTS{alertname="GenClusterModeCollapse", alertstate="firing"}""", Cancellation),
            await run.ShowAsync("gencluster_gan_sample_diversity", Cancellation));
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
