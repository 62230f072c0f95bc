using System.Globalization;
using System.Runtime.InteropServices;

namespace GenCluster.EndToEnd.Tests.Support;

/// <summary>A process of a group, as <c>/proc</c> shows it.</summary>
/// <param name="Arguments">With the program itself first.</param>
internal sealed record GroupMember(int Id, IReadOnlyList<string> Arguments)
{
    public bool IsWorker => Path.GetFileName(Arguments[0]) == "gencluster-worker";

    /// <summary>What follows an option on its command line.</summary>
    public string Argument(string option) => Arguments.SkipWhile(a => a != option).Skip(1).First();
}

/// <summary>A process that leads a group, and all that it started.</summary>
internal static partial class ProcessGroup
{
    public const int Interrupt = 2, Kill = 9, Terminate = 15, Continue = 18, Stop = 19;

    public static void Signal(int process, int signal) => Send(process, signal);

    /// <summary>To all of the group, as a terminal does at Ctrl-C.</summary>
    public static void SignalAll(int group, int signal) => Send(-group, signal);

    /// <summary>Those that live; one that is dead and not yet buried does not.</summary>
    public static IReadOnlyList<GroupMember> Members(int group) => [.. Directory.EnumerateDirectories("/proc")
        .Select(folder => Path.GetFileName(folder))
        .Where(name => char.IsAsciiDigit(name[0]))
        .Select(process => Read(process, group))
        .OfType<GroupMember>()];

    /// <summary>Buried or not: whoever has to bury an orphan may take seconds.</summary>
    public static bool IsDead(int process)
    {
        try
        {
            return Stat($"{process}")[0] is "Z" or "X";
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static GroupMember? Read(string process, int group)
    {
        try
        {
            string[] stat = Stat(process);
            if (stat[0] is "Z" or "X" || int.Parse(stat[2], CultureInfo.InvariantCulture) != group)
                return null;
            string[] arguments = File.ReadAllText($"/proc/{process}/cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries);
            return arguments.Length == 0 ? null : new GroupMember(int.Parse(process, CultureInfo.InvariantCulture), arguments);
        }
        catch (IOException)
        {
            return null; // gone between two looks
        }
    }

    /// <summary>State, parent, group and more, of "1234 (its name) S 1 1234 ...".</summary>
    private static string[] Stat(string process)
    {
        string stat = File.ReadAllText($"/proc/{process}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
    }

    // A process that is gone already is what was wanted.
    private static void Send(int target, int signal) => _ = SendSignal(target, signal);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int target, int signal);
}
