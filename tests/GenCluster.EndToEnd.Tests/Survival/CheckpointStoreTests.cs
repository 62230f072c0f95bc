using GenCluster.EndToEnd.Tests.Support;
using GenCluster.Checkpoints.Tests.S3;

namespace GenCluster.EndToEnd.Tests.Survival;

/// <summary>Wherever checkpoints are kept, a run that lost all its processes goes on from there to the same end.</summary>
[Trait("Speed", "Slow")]
public sealed class CheckpointStoreTests(Controls controls)
{
    [Fact]
    public async Task Resumes_from_a_bucket()
    {
        await using var peer = await S3Peer.StartAsync();
        var environment = new Dictionary<string, string>
        {
            ["GENCLUSTER_CHECKPOINTS"] = $"s3://{S3Peer.Bucket}/runs?endpoint={peer.Address}",
            ["AWS_ACCESS_KEY_ID"] = S3Peer.AccessKey,
            ["AWS_SECRET_ACCESS_KEY"] = S3Peer.Secret,
        };

        await using var sandbox = await KillAndResumeAsync(environment);

        peer.Served.ShouldContain(request => request.StartsWith("GET runs/single/0001/", StringComparison.Ordinal), "it resumed from there");
        peer.Served.ShouldContain(request => request.StartsWith("DELETE runs/single/0001/", StringComparison.Ordinal), "old checkpoints were cleared away");
        await ExamineAsync(sandbox, peer, environment);
    }

    [Fact]
    public async Task Resumes_from_the_coordinator_s_database() =>
        await (await KillAndResumeAsync(new Dictionary<string, string> { ["GENCLUSTER_CHECKPOINTS"] = "journal:" })).DisposeAsync();

    /// <summary><c>gencluster doctor</c> before a bucket that somebody has been at.</summary>
    private static async Task ExamineAsync(Sandbox sandbox, S3Peer peer, Dictionary<string, string> environment)
    {
        await DoctorAsync("all is well", "--repair"); // what the killed leader left
        var (kept, content) = peer.Objects.First();
        string orphan = $"runs/single/0001/0001/{new string('a', 64)}";
        peer.Objects[orphan] = [1];
        (await DoctorAsync("blobs were checked; all is well")).ShouldBe("there is 1 blob that no checkpoint names; --repair clears them away");

        peer.Objects[kept] = [.. content[..^1], (byte)(content[^1] ^ 1)];
        await DoctorAsync("blob-damaged: checkpoint of step ");
        peer.Objects.TryRemove(kept, out _).ShouldBeTrue();
        await DoctorAsync("blob-missing: checkpoint of step ", "--repair");
        peer.Objects.ShouldContainKey(orphan, "nothing is cleared away while something is missing");

        peer.Objects[kept] = content;
        (await DoctorAsync("all is well", "--repair")).ShouldBe("cleared away 1 blob that no checkpoint names");
        peer.Objects.Keys.ShouldNotContain(orphan);
        peer.Objects.Keys.ShouldContain(kept);

        async Task<string> DoctorAsync(string finds, params string[] options)
        {
            string[] line = ["doctor", "--journal", Path.Combine(sandbox.Folder, "journal.db"), .. options];
            var ending = await sandbox.StartWith(line, environment).EndAsync();
            ending.Code.ShouldBe(finds.EndsWith("all is well", StringComparison.Ordinal) ? 0 : 1, ending.ToString());
            ending.Output.ShouldContain(told => told.Contains(finds, StringComparison.Ordinal), ending.ToString());
            return ending.Errors is [.., var last] ? last : "";
        }
    }

    private async Task<Sandbox> KillAndResumeAsync(Dictionary<string, string> environment)
    {
        var control = await controls.OfAsync("single");
        var sandbox = new Sandbox("single");
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
        return sandbox;
    }
}
