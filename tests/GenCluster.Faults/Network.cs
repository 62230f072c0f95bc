using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace GenCluster.Faults;

/// <summary>
/// Takes this process off the network: a packet filter on each of its TCP sockets drops all that arrives, so nothing is heard and nothing
/// is acknowledged to it, and nobody is told. It needs no privilege. A connection that the process itself opens meanwhile lives for a
/// millisecond. What runs over Unix sockets and shared memory goes on.
/// </summary>
internal static unsafe partial class Network
{
    private const int SocketLevel = 1, AttachFilter = 26, DetachFilter = 27, Domain = 39;
    private const int InterNetwork = 2, InterNetworkV6 = 10;
    private const ushort Return = 0x06;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(1);

    /// <summary>Returns when the time is over and the network is there again.</summary>
    public static void Cut(TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < time)
        {
            foreach (int socket in Sockets())
                Drop(socket); // again and again: a number may be another socket's by now

            Thread.Sleep(LookEvery);
        }

        foreach (int socket in Sockets())
            _ = Set(socket, SocketLevel, DetachFilter, null, 0);
    }

    private static IEnumerable<int> Sockets() => Directory.EnumerateFileSystemEntries("/proc/self/fd")
        .Select(entry => int.Parse(Path.GetFileName(entry), CultureInfo.InvariantCulture))
        .Where(IsNetwork);

    private static bool IsNetwork(int file)
    {
        int domain = 0, size = sizeof(int);
        return Get(file, SocketLevel, Domain, &domain, &size) == 0 && domain is InterNetwork or InterNetworkV6;
    }

    private static void Drop(int socket)
    {
        var nothing = new Instruction(Return, 0, 0, 0); // keep 0 bytes of the packet
        var program = new Program(1, &nothing);
        _ = Set(socket, SocketLevel, AttachFilter, &program, (uint)sizeof(Program)); // gone between two looks: as good as cut
    }

    [LibraryImport("libc", EntryPoint = "setsockopt")]
    private static partial int Set(int socket, int level, int option, void* value, uint size);

    [LibraryImport("libc", EntryPoint = "getsockopt")]
    private static partial int Get(int socket, int level, int option, void* value, int* size);

    private readonly struct Instruction(ushort code, byte jumpTrue, byte jumpFalse, uint operand)
    {
        public readonly ushort Code = code;
        public readonly byte JumpTrue = jumpTrue;
        public readonly byte JumpFalse = jumpFalse;
        public readonly uint Operand = operand;
    }

    private readonly struct Program(ushort length, Instruction* instructions)
    {
        public readonly ushort Length = length;
        public readonly Instruction* Instructions = instructions;
    }
}
