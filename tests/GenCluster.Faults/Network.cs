using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace GenCluster.Faults;

/// <summary>
/// Takes this process off the network, or makes its network a bad one: a packet filter on each of its TCP sockets drops all or some of what
/// arrives, so that is neither heard nor acknowledged, and nobody is told. It needs no privilege. A connection that the process itself
/// opens meanwhile lives for a millisecond. What runs over Unix sockets and shared memory goes on.
/// </summary>
internal static unsafe partial class Network
{
    private const int SocketLevel = 1, AttachFilter = 26, DetachFilter = 27, Listens = 30, Domain = 39, MaxPacingRate = 47;
    private const int InterNetwork = 2, InterNetworkV6 = 10;
    private const ushort LoadWord = 0x20, JumpIfAtLeast = 0x35, Return = 0x06; // of BPF: linux/filter.h
    private const uint RandomNumber = 0xFFFFF000 + 56, WholePacket = uint.MaxValue;
    private const uint OneInFifty = uint.MaxValue / 50;
    private const uint TenMegabits = 10_000_000 / 8, NoLimit = uint.MaxValue; // bytes per second
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(1);

    /// <summary>Nothing arrives. Returns when the time is over and the network is there again.</summary>
    public static void Cut(TimeSpan time) => During(time, DropAll);

    /// <summary>Nothing arrives any more over the connections that there are. Whoever opens a new one is heard.</summary>
    public static void Deafen()
    {
        foreach (int socket in Sockets().Where(socket => NumberOf(socket, Listens) == 0))
            DropAll(socket);
    }

    /// <summary>One packet of fifty is lost, and ten megabits leave in a second. Returns when the time is over.</summary>
    public static void Impair(TimeSpan time) => During(time, static socket =>
    {
        Filter(socket, [new(LoadWord, 0, 0, RandomNumber), new(JumpIfAtLeast, 0, 1, OneInFifty), new(Return, 0, 0, WholePacket), new(Return, 0, 0, 0)]);
        Pace(socket, TenMegabits);
    });

    private static void During(TimeSpan time, Action<int> impair)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < time)
        {
            foreach (int socket in Sockets())
                impair(socket); // again and again: a number may be another socket's by now

            Thread.Sleep(LookEvery);
        }

        foreach (int socket in Sockets())
        {
            int nothing = 0; // the kernel reads a number, and refuses to detach without one
            _ = Set(socket, SocketLevel, DetachFilter, &nothing, sizeof(int));
            Pace(socket, NoLimit);
        }
    }

    private static void DropAll(int socket) => Filter(socket, [new(Return, 0, 0, 0)]);

    private static IEnumerable<int> Sockets() => Directory.EnumerateFileSystemEntries("/proc/self/fd")
        .Select(entry => int.Parse(Path.GetFileName(entry), CultureInfo.InvariantCulture))
        .Where(IsNetwork);

    private static bool IsNetwork(int file) => NumberOf(file, Domain) is InterNetwork or InterNetworkV6;

    private static int? NumberOf(int file, int option)
    {
        int value = 0, size = sizeof(int);
        return Get(file, SocketLevel, option, &value, &size) == 0 ? value : null;
    }

    private static void Filter(int socket, ReadOnlySpan<Instruction> instructions)
    {
        fixed (Instruction* first = instructions)
        {
            var program = new Program((ushort)instructions.Length, first);
            _ = Set(socket, SocketLevel, AttachFilter, &program, (uint)sizeof(Program)); // gone between two looks: as good as cut
        }
    }

    private static void Pace(int socket, uint rate) => _ = Set(socket, SocketLevel, MaxPacingRate, &rate, sizeof(uint));

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
