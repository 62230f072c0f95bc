using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using GenCluster.Chaos.Tests.Harness;

namespace GenCluster.Chaos.Tests.Faults;

/// <summary>What comes from outside is not what it should be.</summary>
internal static class InputFaults
{
    public const long MostGrowth = 200L << 20;

    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(20); // starting a program included

    public static async Task SweepFiles(Arena arena)
    {
        string path = Path.Combine(Path.GetDirectoryName(arena.Sandbox.File)!, "hostile.yaml");
        foreach (var (name, content) in Hostile(arena.Dice))
        {
            await File.WriteAllBytesAsync(path, content);
            var ending = await Gencluster.RunAsync("validate", path);
            ending.Code.ShouldBe(2, $"{name}: {ending.Code}");
            ending.Time.ShouldBeLessThan(AnswersWithin, name);
            ending.Errors.Concat(ending.Output).ShouldNotContain(line => line.Contains("Unhandled exception", StringComparison.Ordinal), name);
        }

        arena.Note("refused, each with a sentence");
    }

    public static async Task Frames(Arena arena)
    {
        var command = arena.Start();
        await arena.TrainsAsync(command);
        var processes = ProcessGroup.Members(command.Id);
        var before = processes.ToDictionary(process => process.Id, process => Proc.MemoryOf(process.Id));
        int[] ports = [.. processes.SelectMany(process => Proc.PortsOf(process.Id)).Distinct()];
        ports.Length.ShouldBeGreaterThan(Arena.Workers); // the coordinator's, and two of each worker
        for (int round = 0; round < 20; round++)
        {
            foreach (int port in ports)
                await LieAsync(port, arena.Dice);
        }

        arena.Note(string.Create(CultureInfo.InvariantCulture, $"{20 * ports.Length} connections to {ports.Length} ports"));
        foreach (var (process, memory) in before)
            (Proc.MemoryOf(process) - memory).ShouldBeLessThan(MostGrowth);
        var ending = await arena.EndsWellAsync(command);
        ending.Errors.ShouldNotContain(line => line.Contains("died", StringComparison.Ordinal), ending.ToString());
    }

    private static IEnumerable<(string Name, byte[] Content)> Hostile(Random dice)
    {
        yield return ("aliases", Encoding.UTF8.GetBytes("a: &a [x, x, x, x, x, x, x, x, x]\n" + string.Concat(
            Enumerable.Range('b', 9).Select(letter => $"{(char)letter}: &{(char)letter} [{string.Join(", ", Enumerable.Repeat("*" + (char)(letter - 1), 9))}]\n"))));
        yield return ("brackets", Encoding.UTF8.GetBytes(new string('[', 100_000)));
        yield return ("braces", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{a: ", 50_000))));
        yield return ("tag", Encoding.UTF8.GetBytes("apiVersion: !!System.Diagnostics.Process {FileName: sh}\n"));
        yield return ("nul", Encoding.UTF8.GetBytes("apiVersion: gencluster/v1\0\nkind: Sweep\n"));
        yield return ("long", Encoding.UTF8.GetBytes("name: " + new string('x', 10 << 20)));
        yield return ("no text", [0xff, 0xfe, 0xfd, 0x80, 0xc3, 0x28]);
        byte[] noise = new byte[4096];
        dice.NextBytes(noise);
        yield return ("noise", noise);
    }

    private static async Task LieAsync(int port, Random dice)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            byte[] noise = new byte[dice.Next(1, 4096)];
            dice.NextBytes(noise);
            byte[] head = dice.Next(5) switch
            {
                0 => [0x7f, 0xff, 0xff, 0xff], // a length of 2^31
                1 => [0xdd, 0xff, 0xff, 0xff, 0xff], // an array of 2^32 elements
                2 => [.. Enumerable.Repeat((byte)0x91, 10_000)], // arrays in arrays
                3 => [0xc6, 0x7f, 0xff, 0xff, 0xff], // 2^31 bytes
                _ => [],
            };
            await socket.SendAsync(head.Concat(noise).ToArray());
        }
        catch (SocketException)
        {
            // It was closed while we spoke, as it should be.
        }
    }
}
