using System.Globalization;
using GenCluster.Chaos.Tests.Harness;

namespace GenCluster.Chaos.Tests.Faults;

/// <summary>A fault of the catalogue in <c>docs/chaos.md</c>.</summary>
/// <param name="How">What is done, for the table.</param>
/// <param name="Strike">Runs the sweep, strikes it, and sees that it ends as it must; the arena's dice say when and whom.</param>
internal sealed record Fault(int Number, string Name, string How, Func<Arena, Task> Strike);

/// <summary>All faults.</summary>
internal static class Catalogue
{
    private const int Soak = 22;
    private static readonly int[] Short = [1, 3, 4, 6, 8, 12];

    public static IReadOnlyList<Fault> All { get; } =
    [
        new(1, "coordinator killed at a write", "SIGKILL before an event is written, after it, and after it was acknowledged; the command again", CoordinatorFaults.KillAtWrites),
        new(2, "coordinator lost to the others", "the active one of three frozen at a write and thawed, killed at a write, cut off", ClusterFaults.LoseTheActive),
        new(3, "worker killed in an all-reduce", "SIGKILL as a part of a bucket comes or goes", WorkerFaults.KillInAllReduce),
        new(4, "frozen worker", "SIGSTOP for 2, 10 and 60 s, SIGCONT", WorkerFaults.Freeze),
        new(5, "starved of CPU", "16 busy loops for 20 s", WorkerFaults.Starve),
        new(6, "partition", "a worker off the network for 3 s, for 12 s, again and again for 0.5 s; its connections deaf for good; two of three killed at once", WorkerFaults.Part),
        new(7, "slow and lossy links", "10 Mbit/s, and one packet of fifty lost, for all workers", WorkerFaults.BadLink),
        new(8, "database down", "PostgreSQL stopped as by a crash, and started again 10 or 60 s later", ClusterFaults.StopTheDatabase),
        new(9, "database slow", "2 s for every insertion into the journal, for 20 s", ClusterFaults.SlowTheDatabase),
        new(10, "disk full", "a file system without a byte left; space; the command again", DiskFaults.FillUp),
        new(11, "clock jumps", "the wall clock of all processes an hour forth and back", ClockFaults.Jump),
        new(12, "damaged checkpoint", "a blob with a flipped bit, cut short, or with another's content, while the sweep stands", DiskFaults.Damage),
        new(13, "repeated messages", "a proxy says again, swaps and replays what coordinator and workers tell each other; a worker killed meanwhile", MessageFaults.Repeat),
        new(14, "slow clients", "2,000 connections to the API that say nothing, or a byte a second; heads and bodies without end", ApiFaults.SlowClients),
        new(15, "hostile sweep files", "aliases that multiply, 100,000 brackets, tags, NUL, 10 MB, bytes that are no text", InputFaults.SweepFiles),
        new(16, "lying frames", "lengths of 2^31, deep nesting, noise, at every port of every process", InputFaults.Frames),
        new(17, "strangers", "at every port without TLS, or with papers of others or of yesterday; tokens that are missing, wrong, taken away or too weak", StrangerFaults.Strangers),
        new(18, "worker out of memory", "an address space that may grow no more", WorkerFaults.OutOfMemory),
        new(19, "asked to leave", "SIGTERM to a worker, with SIGKILL soon after, and to the command; the command again", WorkerFaults.Leave),
        new(20, "power cut", "SIGKILL to all processes at once, twice; the command again", CoordinatorFaults.PowerCut),
        new(Soak, "soak", "half an hour of one sweep after another, two faults for each: workers, coordinators, network, database", SoakFaults.Soak),
    ];

    /// <param name="wanted">Numbers between commas, <c>all</c>, or nothing for the short choice.</param>
    public static IEnumerable<Fault> Chosen(string? wanted) => wanted switch
    {
        null or "" => All.Where(fault => Short.Contains(fault.Number)),
        "all" => All.Where(fault => fault.Number != Soak), // it has a time of its own
        _ => wanted.Split(',').Select(number => All.Single(fault => fault.Number == int.Parse(number, CultureInfo.InvariantCulture))),
    };
}
