using System.Runtime.InteropServices;

namespace GenCluster.Worker.Programs;

/// <summary>What the base library does not offer of the system's calls about processes.</summary>
internal static partial class Posix
{
    public const int Terminate = 15, Kill = 9;

    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const int SetChildSubreaper = 36;
    private const int NoHang = 1;

    /// <summary>Sends a signal to a process; to a whole group when the number is negative, to one's own when it is 0. One that is gone is what was wanted.</summary>
    public static void Signal(int process, int signal) => _ = SendSignal(process, signal);

    /// <summary>Makes this process the leader of a session and of a process group of its own, out of reach of a terminal.</summary>
    public static void LeadSession() => _ = SetSession();

    /// <summary>From now on processes whose parent dies become children of this one, however they tried to get away.</summary>
    public static void AdoptOrphans() => _ = ProcessControl(SetChildSubreaper, 1, 0, 0, 0);

    /// <summary>Buries the children that have died.</summary>
    public static void Reap()
    {
        while (WaitFor(-1, out _, NoHang) > 0)
        {
        }
    }

    /// <summary>Whether somebody may run it.</summary>
    public static bool IsExecutable(string path) => File.Exists(path) && (new FileInfo(path).UnixFileMode & AnyExecute) != 0;

    public static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows()) // which the analyzer does not know is never the case
            File.SetUnixFileMode(path, mode);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);

    [LibraryImport("libc", EntryPoint = "setsid")]
    private static partial int SetSession();

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int ProcessControl(int option, nuint first, nuint second, nuint third, nuint fourth);

    [LibraryImport("libc", EntryPoint = "waitpid")]
    private static partial int WaitFor(int process, out int status, int options);
}
