using GenCluster.EndToEnd.Tests.Support;

namespace GenCluster.EndToEnd.Tests.Results;

/// <summary>Models with other phases, networks and buffers than a GAN go the same way.</summary>
public sealed class FamilyTests
{
    [Theory]
    [InlineData("vae")]
    [InlineData("ddpm")]
    public async Task Trains_to_the_end_on_two_workers(string sweep)
    {
        await using var sandbox = new Sandbox(sweep);

        var ending = await sandbox.SucceedAsync("--workers", "2");

        ending.Errors.ShouldContain("trial 1  running on worker-1, worker-2");
        string hash = Table.Read(sandbox.Leaderboard)[1][^1];
        Sandbox.Sha256(Path.Combine(sandbox.Folder, "best", "weights.safetensors")).ShouldBe(hash);
    }
}
