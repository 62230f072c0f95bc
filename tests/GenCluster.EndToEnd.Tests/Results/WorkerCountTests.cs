using GenCluster.EndToEnd.Tests.Support;

namespace GenCluster.EndToEnd.Tests.Results;

/// <summary>How many workers there were does not show in what comes out, down to the last bit.</summary>
public sealed class WorkerCountTests(Controls controls)
{
    [Theory]
    [InlineData("worker-1", 2)]
    [InlineData("worker-1, worker-2", 1)]
    [InlineData("worker-1, worker-2, worker-3", 1)]
    public async Task Any_gang_gives_the_weights_metrics_and_pictures_of_the_control_every_time(string gang, int times)
    {
        var control = await controls.OfAsync("gang");

        int members = gang.Split(',').Length;
        for (int i = 0; i < times; i++)
        {
            await using var sandbox = new Sandbox("gang", text => text.Replace("workers: {min: 1,", $"workers: {{min: {members},", StringComparison.Ordinal));

            var ending = await sandbox.SucceedAsync("--workers", $"{members}");

            ending.Errors.ShouldContain($"trial 1  running on {gang}");
            Weights(ending).ShouldBe(Weights(control.Ending));
            sandbox.Results().ShouldBe(control.Results);
        }
    }

    private static string Weights(Ending ending) => ending.Output.Single(line => line.StartsWith("weights sha256: ", StringComparison.Ordinal));
}
