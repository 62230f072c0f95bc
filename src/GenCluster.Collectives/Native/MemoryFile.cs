using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace GenCluster.Collectives.Native;

/// <summary>
/// Memory that other processes of this host can map (memfd_create): it has no name in any file system and is gone with the
/// last process that holds it, however that ends. Its size is sealed, so that who maps it can never run past its end.
/// </summary>
internal static class MemoryFile
{
    private const uint CloseOnExec = 1; // MFD_CLOEXEC
    private const uint AllowSealing = 2; // MFD_ALLOW_SEALING
    private const int AddSeals = 1033; // F_ADD_SEALS
    private const int GetSeals = 1034; // F_GET_SEALS
    private const int SizeSeals = 1 | 2 | 4; // F_SEAL_SEAL, F_SEAL_SHRINK, F_SEAL_GROW
    private const int OpenFlags = 2 | 0x800 | 0x80000; // O_RDWR, O_NONBLOCK, O_CLOEXEC
    private const int SeekEnd = 2;
    private const int ReadWrite = 1 | 2; // PROT_READ, PROT_WRITE
    private const int Shared = 1; // MAP_SHARED
    private const int Fixed = 0x10; // MAP_FIXED
    private const int Private = 2 | 0x20; // MAP_PRIVATE, MAP_ANONYMOUS
    private const int NoReserve = 0x4000; // MAP_NORESERVE

    /// <summary>A new file of zeros; pages that are never touched cost nothing.</summary>
    public static SafeFileHandle Create(long length)
    {
        var file = Libc.MemfdCreate("gencluster-vectors", CloseOnExec | AllowSealing);
        Require(file >= 0, "create shared memory");
        var handle = new SafeFileHandle(file, ownsHandle: true);
        Require(Libc.Truncate(file, length) == 0 && Libc.Control(file, AddSeals, SizeSeals) == 0, $"size shared memory to {length} bytes");
        return handle;
    }

    /// <summary>Another process's file, or null where it cannot be had: another host or namespace, another user, or not such a file.</summary>
    public static SafeFileHandle? TryOpen(int process, int file)
    {
        var opened = Libc.Open($"/proc/{process}/fd/{file}", OpenFlags, 0);
        if (opened < 0)
        {
            return null;
        }

        var handle = new SafeFileHandle(opened, ownsHandle: true);
        if (Libc.Control(opened, GetSeals, 0) is var seals && (seals < 0 || (seals & SizeSeals) != SizeSeals))
        {
            handle.Dispose();
            return null;
        }

        return handle;
    }

    public static long LengthOf(SafeFileHandle file) => Libc.Seek((int)file.DangerousGetHandle(), 0, SeekEnd);

    /// <summary>Addresses with nothing behind them yet.</summary>
    public static nint Reserve(long length) => Mapped(Libc.Map(0, (nuint)length, 0, Private | NoReserve, -1, 0), length);

    /// <summary>Maps the file, in place of what lay at <paramref name="at"/> before if that is given.</summary>
    public static nint Map(SafeFileHandle file, long length, nint at = 0) =>
        Mapped(Libc.Map(at, (nuint)length, ReadWrite, Shared | (at == 0 ? 0 : Fixed), (int)file.DangerousGetHandle(), 0), length);

    public static void Unmap(nint address, long length) => _ = Libc.Unmap(address, (nuint)length);

    private static nint Mapped(nint address, long length)
    {
        Require(address != -1, $"map {length} bytes of memory");
        return address;
    }

    private static void Require(bool done, string what)
    {
        if (!done)
        {
            var error = Marshal.GetLastPInvokeError();
            throw new IOException($"cannot {what}: {new Win32Exception(error).Message}");
        }
    }
}
