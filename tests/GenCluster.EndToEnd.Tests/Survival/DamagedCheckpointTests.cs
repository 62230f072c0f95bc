using GenCluster.EndToEnd.Tests.Support;

namespace GenCluster.EndToEnd.Tests.Survival;

/// <summary>A checkpoint that the disk has spoiled is noticed, told and done without.</summary>
public sealed class DamagedCheckpointTests(Controls controls)
{
    [Fact]
    public async Task The_checkpoint_before_is_used_and_the_end_is_the_same()
    {
        var control = await controls.OfAsync("single");
        await using var sandbox = new Sandbox("single");
        await StopInTheMiddleAsync(sandbox);

        Spoil(Blobs(sandbox)[^1]);

        var ending = await sandbox.SucceedAsync();
        string notice = ending.Errors.Where(line => line.Contains("damaged", StringComparison.Ordinal)).ShouldHaveSingleItem(ending.ToString());
        notice.ShouldMatch("^notice: trial 1: the checkpoint of step [0-9]+ is damaged, using the one of step [0-9]+ instead: ");
        sandbox.Results().ShouldBe(control.Results);
    }

    [Fact]
    public async Task Without_a_whole_checkpoint_training_begins_anew_and_the_end_is_the_same()
    {
        var control = await controls.OfAsync("single");
        await using var sandbox = new Sandbox("single");
        await StopInTheMiddleAsync(sandbox);

        foreach (string blob in Blobs(sandbox))
            Spoil(blob);

        var ending = await sandbox.SucceedAsync();
        ending.Errors.ShouldContain(line => line.Contains("is damaged, starting from the beginning: ", StringComparison.Ordinal));
        sandbox.Results().ShouldBe(control.Results);
    }

    private static async Task StopInTheMiddleAsync(Sandbox sandbox)
    {
        var command = sandbox.Start();
        await sandbox.ReachesAsync(command, trial: 1, step: 70);
        ProcessGroup.Signal(command.Id, ProcessGroup.Interrupt);
        var ending = await command.EndAsync();
        ending.Code.ShouldBe(130, ending.ToString());
    }

    // The newest last.
    private static string[] Blobs(Sandbox sandbox) =>
        [.. Directory.GetFiles(Path.Combine(sandbox.TrialFolder(1), "checkpoints"), "*", SearchOption.AllDirectories).OrderBy(File.GetLastWriteTimeUtc)];

    private static void Spoil(string file)
    {
        using var bytes = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        bytes.Position = bytes.Length / 2;
        int old = bytes.ReadByte();
        bytes.Position--;
        bytes.WriteByte((byte)(old ^ 1));
    }
}
