using GenCluster.Chaos.Tests.Harness;

namespace GenCluster.Chaos.Tests.Faults;

/// <summary>What coordinator and workers tell each other arrives twice, in another order, or long after its time.</summary>
internal static class MessageFaults
{
    public static async Task Repeat(Arena arena)
    {
        int[] ports = CoordinatorCluster.FreePorts(2);
        int port = ports[0];
        var environment = arena.Plan.Environment;
        string journal = Path.Combine(arena.Sandbox.Runs, "journal.db");
        Directory.CreateDirectory(arena.Sandbox.Runs);
        await using var proxy = new FrameProxy(port, new Random(arena.Seed));
        var node = arena.Sandbox.StartWith(["serve", "--port", $"{port}", "--http-port", $"{ports[1]}", "--journal", journal, .. FrameProxy.Behind], environment);
        string api = (await node.SaysAsync("API at "))["API at ".Length..];
        for (int n = 1; n <= Arena.Workers; n++)
        {
            arena.Sandbox.StartProgramWith(
                Programs.Worker,
                ["--name", $"worker-{n}", "--runs", arena.Sandbox.Runs, "--device", "cpu", "--coordinator", CoordinatorCluster.Address(port)],
                environment);
        }

        await using var submission = Gencluster.Start("submit", arena.Sandbox.File, "--server", api, "--wait");
        // The gang goes on under another epoch, and messages of the old one come again.
        await arena.StrikeAsync(submission, $"kill GenCluster-Training/Phase[phase=reduce]:{arena.Dice.Next(5, 60)}");
        var ending = await submission.EndAsync(TimeSpan.FromMinutes(5));

        ending.Code.ShouldBe(0, ending.ToString());
        arena.TrialsEndedWell();
        Invariants.CheckJournal(journal);
        arena.Note($"of {proxy.Passed} messages {proxy.Doubled} twice, {proxy.Swapped} late, {proxy.Replayed} again");
        new[] { proxy.Doubled, proxy.Swapped, proxy.Replayed }.ShouldAllBe(count => count > 0);
    }
}
