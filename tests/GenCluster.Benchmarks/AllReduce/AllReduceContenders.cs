using System.Diagnostics;
using System.Globalization;
using GenCluster.Benchmarks.Contenders;
using GenCluster.Benchmarks.Crews;
using GenCluster.Collectives.Gangs;

namespace GenCluster.Benchmarks.AllReduce;

/// <summary>Who takes part: a name, and how to start it with so many members; or what it would need to take part.</summary>
internal sealed record AllReduceContender(string Name, Func<int, CancellationToken, Task<Crew>>? Start, string Missing = "")
{
    /// <summary>Whether it is for two members only.</summary>
    public bool IsDuet { get; init; }
}

/// <summary>The paths of this data plane and their peers.</summary>
internal static class AllReduceContenders
{
    public const string SharedMemory = "GenCluster, shared memory";
    public const string Tcp = "GenCluster, TCP";
    public const string Unix = "GenCluster, Unix socket";
    public const string Raw = "raw TCP, both ways, no sum";
    public const string Gloo = "Gloo";
    public const string GlooPinned = "Gloo, pinned";
    public const string OpenMpi = "OpenMPI, shared memory";
    public const string OpenMpiTcp = "OpenMPI, TCP only";

    private static string Capacity => VectorSize.All.Max(size => size.Count).ToString(CultureInfo.InvariantCulture);

    public static async Task<(IReadOnlyList<AllReduceContender> All, string Versions)> FindAsync(CancellationToken cancellation)
    {
        var torch = await Python.WithTorchAsync(cancellation);
        var mpi = await Python.WithMpiAsync(cancellation);
        bool mpirun = await Python.OutputAsync("mpirun", ["--version"], cancellation) is not null;
        return (
            [
                Own(SharedMemory, Transport.SharedMemory),
                Own(Tcp, Transport.Tcp),
                Own(Unix, Transport.Unix),
                new(Raw, StartRaw) { IsDuet = true },
                OfGloo(Gloo, torch, (_, _) => -1),
                OfGloo(GlooPinned, torch, Cores.For) with { IsDuet = true },
                OfMpi(OpenMpi, mpi, mpirun),
                OfMpi(OpenMpiTcp, mpi, mpirun, "--mca", "pml", "ob1", "--mca", "btl", "self,tcp", "--mca", "btl_tcp_if_include", "lo"),
            ],
            $"peers: Gloo of {torch.Version}; {(mpirun ? mpi.Version : "mpirun is missing")}");
    }

    private static AllReduceContender Own(string name, Transport transport) => new(name, (members, cancellation) => Crew.StartAsync(
        name, members, path => Enumerable.Range(0, members).Select(member => OwnProcess.Command(
            "member", "gang", path, $"{member}", $"{Cores.For(member, members)}", $"{members}", $"{transport}")), cancellation));

    private static Task<Crew> StartRaw(int members, CancellationToken cancellation) => Crew.StartAsync(
        Raw, members, path => Enumerable.Range(0, members).Select(member => OwnProcess.Command(
            "member", "raw", path, $"{member}", $"{Cores.For(member, members)}")), cancellation);

    private static AllReduceContender OfGloo(string name, Python python, Func<int, int, int> core)
    {
        if (python.Interpreter is null)
            return new(name, null, $"install with {Python.InstallTorch}");
        return new(name, (members, cancellation) =>
        {
            string meeting = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}");
            return Crew.StartAsync(name, members, path => Enumerable.Range(0, members).Select(member => python.Command(
                "allreduce_gloo.py", path, $"{member}", $"{members}", $"{core(member, members)}", Capacity, meeting)), cancellation);
        });
    }

    private static AllReduceContender OfMpi(string name, Python python, bool mpirun, params string[] transport)
    {
        if (python.Interpreter is null || !mpirun)
            return new(name, null, $"install with {Python.InstallMpi}");
        return new(name, (members, cancellation) => Crew.StartAsync(name, members, path => [Mpirun(members, transport, python, path)], cancellation));
    }

    private static ProcessStartInfo Mpirun(int members, string[] transport, Python python, string path)
    {
        var script = python.Command("allreduce_mpi.py", path, Capacity);
        string binding = members <= Environment.ProcessorCount ? "core" : "none";
        script.ArgumentList.InsertRange(
            0, ["--allow-run-as-root", "--oversubscribe", "-n", $"{members}", "--bind-to", binding, .. transport, script.FileName]);
        script.FileName = "mpirun";
        return script;
    }

    private static void InsertRange(this System.Collections.ObjectModel.Collection<string> list, int index, IEnumerable<string> items)
    {
        foreach (string item in items)
            list.Insert(index++, item);
    }
}
