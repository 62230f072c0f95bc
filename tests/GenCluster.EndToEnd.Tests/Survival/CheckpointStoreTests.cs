using GenCluster.EndToEnd.Tests.Support;
using GenCluster.Training.Tests.Blobs.S3;

namespace GenCluster.EndToEnd.Tests.Survival;

/// <summary>Wherever checkpoints are kept, a run that lost all its processes goes on from there to the same end.</summary>
[Trait("Speed", "Slow")]
public sealed class CheckpointStoreTests(Controls controls)
{
    [Fact]
    public async Task Resumes_from_a_bucket()
    {
        await using var peer = await S3Peer.StartAsync();

        await KillAndResumeAsync(new Dictionary<string, string>
        {
            ["GENCLUSTER_CHECKPOINTS"] = $"s3://{S3Peer.Bucket}/runs?endpoint={peer.Address}",
            ["AWS_ACCESS_KEY_ID"] = S3Peer.AccessKey,
            ["AWS_SECRET_ACCESS_KEY"] = S3Peer.Secret,
        });

        peer.Served.ShouldContain(request => request.StartsWith("GET runs/single/0001/", StringComparison.Ordinal), "it resumed from there");
        peer.Served.ShouldContain(request => request.StartsWith("DELETE runs/single/0001/", StringComparison.Ordinal), "old checkpoints were cleared away");
    }

    [Fact]
    public Task Resumes_from_the_coordinator_s_database() =>
        KillAndResumeAsync(new Dictionary<string, string> { ["GENCLUSTER_CHECKPOINTS"] = "journal:" });

    private async Task KillAndResumeAsync(Dictionary<string, string> environment)
    {
        var control = await controls.OfAsync("single");
        await using var sandbox = new Sandbox("single");
        var command = sandbox.StartWith(sandbox.Run(), environment);
        await sandbox.ReachesAsync(command, trial: 1, step: 70);

        ProcessGroup.SignalAll(command.Id, ProcessGroup.Kill);
        await command.EndAsync();
        Directory.Exists(Path.Combine(sandbox.TrialFolder(1), "checkpoints")).ShouldBeFalse("they are kept elsewhere");

        var ending = await sandbox.StartWith(sandbox.Run(), environment).EndAsync();
        ending.Code.ShouldBe(0, ending.ToString());
        ending.Errors.ShouldNotContain(line => line.Contains("damaged", StringComparison.Ordinal));
        sandbox.Leaderboard.ShouldBe(control.Leaderboard);
        sandbox.Results().ShouldBe(control.Results);
    }
}
