using System.Runtime.InteropServices;

namespace GenCluster.Checkpoints;

/// <summary>
/// Files that are there whole or not at all, whatever dies and whenever: written under a temporary name, flushed to
/// the disk, renamed, and the folder flushed too. Every failure is a <see cref="StorageException"/>.
/// </summary>
public static partial class DurableFile
{
    private const string TempSuffix = ".tmp";

    /// <summary>Puts what <paramref name="write"/> writes in place of the file.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        CreateFolder(Path.GetDirectoryName(path)!);
        string temp = TempFor(path);
        try
        {
            using var file = CreateTemp(temp);
            write(file);
            file.Flush(flushToDisk: true);
            Rename(temp, path);
        }
        catch (Exception e)
        {
            Discard(temp);
            if (IsFailure(e))
                throw Explain(path, e);
            throw;
        }
    }

    /// <summary>A new name beside <paramref name="path"/>.</summary>
    public static string TempFor(string path) =>
        Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Path.GetRandomFileName()}{TempSuffix}");

    /// <summary>
    /// Creates a file that is locked for as long as it is open, which tells a file in the making from a stale one. The lock comes a moment
    /// after the file: one that was taken for stale and removed in between is created again.
    /// </summary>
    public static FileStream CreateTemp(string path)
    {
        while (true)
        {
            try
            {
                var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, bufferSize: 1 << 16);
                if (File.Exists(path))
                    return file;
                file.Dispose();
            }
            catch (IOException e) when (IsInUse(e))
            {
                Discard(path); // whoever removes it has the lock
            }
        }
    }

    /// <summary>Removes the temporary files that processes left behind when they died; those being written now stay.</summary>
    public static void RemoveStaleTemps(string folder)
    {
        foreach (string path in Directory.EnumerateFiles(folder, ".*" + TempSuffix))
        {
            try
            {
                using (new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                    File.Delete(path);
            }
            catch (Exception e) when (IsFailure(e))
            {
                // In use, or gone by now. It is no loss: the next time will find it.
            }
        }
    }

    /// <summary>Removes a folder, unless there is something in it or somebody else was faster.</summary>
    public static void RemoveIfEmpty(string folder)
    {
        try
        {
            Directory.Delete(folder);
        }
        catch (Exception e) when (IsFailure(e))
        {
            // It is of use to somebody, then.
        }
    }

    public static void Rename(string from, string to) => Guard(to, () =>
    {
        File.Move(from, to, overwrite: true);
        SyncFolder(Path.GetDirectoryName(to)!);
    });

    /// <summary>Creates a folder and its parents, each known to the disk.</summary>
    public static void CreateFolder(string folder)
    {
        if (Directory.Exists(folder))
            return;
        string? parent = Path.GetDirectoryName(Path.GetFullPath(folder));
        if (parent is not null)
            CreateFolder(parent);
        Guard(folder, () =>
        {
            if (File.Exists(folder))
                throw new IOException("a file is where a folder must be; move it away, or choose another folder");
            Directory.CreateDirectory(folder);
            if (parent is not null)
                SyncFolder(parent);
        });
    }

    /// <summary>Makes names in a folder survive a loss of power. Linux and macOS only; elsewhere the file system sees to it.</summary>
    public static void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        int handle = Open(folder, flags: 0);
        if (handle < 0)
            throw new IOException(Marshal.GetLastPInvokeErrorMessage(), Marshal.GetLastPInvokeError());
        try
        {
            // Some network file systems cannot flush a folder and say so; they need not.
            if (Fsync(handle) != 0 && Marshal.GetLastPInvokeError() is var error and not (Errno.Invalid or Errno.NotSupported))
                throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
        }
        finally
        {
            _ = Close(handle);
        }
    }

    /// <summary>Removes a temporary file if it is there, on the way out of a failure.</summary>
    public static void Discard(string temp)
    {
        try
        {
            File.Delete(temp);
        }
        catch (Exception e) when (IsFailure(e))
        {
            // The failure that led here says more than this one would.
        }
    }

    public static void Guard(string path, Action action) => Guard(path, () =>
    {
        action();
        return true;
    });

    public static T Guard<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (IsFailure(e))
        {
            throw Explain(path, e);
        }
    }

    public static bool IsFailure(Exception e) => e is IOException or UnauthorizedAccessException;

    public static bool IsInUse(IOException e) => e.HResult is Errno.TryAgainLinux or Errno.TryAgainMac or unchecked((int)0x80070020);

    public static StorageException Explain(string path, Exception e) => e as StorageException ?? new(path, Cause(e), e);

    private static string Cause(Exception e) => e switch
    {
        { HResult: Errno.NoSpace or unchecked((int)0x80070070) or unchecked((int)0x80070027) } => "no space left on device; free some space, then go on",
        { HResult: Errno.ReadOnly } => "the file system is read-only; choose another folder",
        { HResult: Errno.NotDirectory } => "a part of the path is not a folder; choose another folder",
        UnauthorizedAccessException => "permission denied; choose another folder, or change its permissions",
        _ => e.Message.TrimEnd('.'),
    };

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);

    // What .NET reports as HResult where it has no exception of its own.
    private static class Errno
    {
        public const int TryAgainLinux = 11;
        public const int TryAgainMac = 35;
        public const int NotDirectory = 20;
        public const int Invalid = 22;
        public const int NoSpace = 28;
        public const int ReadOnly = 30;
        public const int NotSupported = 95;
    }
}
