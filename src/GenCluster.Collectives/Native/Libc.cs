using System.Runtime.InteropServices;

namespace GenCluster.Collectives.Native;

/// <summary>The system calls that the base library has no name for. Linux only; callers ask <see cref="OperatingSystem.IsLinux"/> first.</summary>
internal static unsafe partial class Libc
{
    public const int Interrupted = 4; // EINTR
    public const int WouldBlock = 11; // EAGAIN

    private const DllImportSearchPath Search = DllImportSearchPath.SafeDirectories;

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(Search)]
    public static partial int MemfdCreate(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    [DefaultDllImportSearchPaths(Search)]
    public static partial int Truncate(int file, long length);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(Search)]
    public static partial int Control(int file, int command, int argument);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(Search)]
    public static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(Search)]
    public static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    [DefaultDllImportSearchPaths(Search)]
    public static partial long Seek(int file, long offset, int whence);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    [DefaultDllImportSearchPaths(Search)]
    public static partial nint Map(nint address, nuint length, int protection, int flags, int file, long offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    [DefaultDllImportSearchPaths(Search)]
    public static partial int Unmap(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    [DefaultDllImportSearchPaths(Search)]
    public static partial nint Send(int socket, Message* message, int flags);

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    [DefaultDllImportSearchPaths(Search)]
    public static partial nint Receive(int socket, Message* message, int flags);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    [DefaultDllImportSearchPaths(Search)]
    public static partial int SetOption(int socket, int level, int option, void* value, uint size);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    [DefaultDllImportSearchPaths(Search)]
    public static partial int Poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "sched_yield")]
    [DefaultDllImportSearchPaths(Search)]
    public static partial int Yield();

    [LibraryImport("libc", EntryPoint = "sched_getaffinity", SetLastError = true)]
    [DefaultDllImportSearchPaths(Search)]
    public static partial int GetAffinity(int thread, nuint size, ulong* mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    [DefaultDllImportSearchPaths(Search)]
    public static partial int SetAffinity(int thread, nuint size, ulong* mask);

    /// <summary>struct iovec</summary>
    public struct Part
    {
        public byte* Start;
        public nuint Length;
    }

    /// <summary>struct msghdr</summary>
    public struct Message
    {
        public void* Name;
        public uint NameLength;
        public Part* Parts;
        public nuint Count;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    /// <summary>struct pollfd</summary>
    public struct PollEntry
    {
        public int File;
        public short Events;
        public short Happened;
    }
}
