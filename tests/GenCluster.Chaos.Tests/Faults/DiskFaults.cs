using GenCluster.Chaos.Tests.Harness;

namespace GenCluster.Chaos.Tests.Faults;

/// <summary>The disk is full, or gives back something else than was written.</summary>
internal static class DiskFaults
{
    public static async Task FillUp(Arena arena)
    {
        var disk = await TemporaryDisk.MountAsync();
        arena.Use(new Sandbox("chaos", runs: disk.Path), disk);
        var command = arena.Start();
        await arena.TrainsAsync(command);
        await Task.Delay(arena.Dice.Next(0, 1000));
        var end = command.EndAsync();
        await disk.FillUntilAsync(end);
        var ending = await end;
        ending.Code.ShouldBe(1, ending.ToString());
        arena.Note("disk full");
        disk.Free();
        await arena.ResumeAsync();
    }

    public static async Task Damage(Arena arena)
    {
        var command = arena.Start();
        await command.Holds(() => Invariants.BlobsOf(arena.Sandbox).Length >= 4, "checkpoints are there");
        ProcessGroup.Signal(command.Id, ProcessGroup.Interrupt);
        (await command.EndAsync()).Code.ShouldBe(130);
        string[] blobs = Invariants.BlobsOf(arena.Sandbox);
        string victim = blobs[arena.Dice.Next(blobs.Length)];
        byte[] bytes = await File.ReadAllBytesAsync(victim);
        switch ((arena.Seed - 1) % 3)
        {
            case 0:
                bytes[arena.Dice.Next(bytes.Length)] ^= (byte)(1 << arena.Dice.Next(8));
                await File.WriteAllBytesAsync(victim, bytes);
                arena.Note("a flipped bit");
                break;
            case 1:
                await File.WriteAllBytesAsync(victim, bytes[..arena.Dice.Next(bytes.Length)]);
                arena.Note("cut short");
                break;
            default:
                File.Copy(blobs.First(blob => blob != victim), victim, overwrite: true);
                arena.Note("another blob's content");
                break;
        }

        await arena.ResumeAsync();
    }
}
