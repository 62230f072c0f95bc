using System.Text;

namespace GenCluster.Server.Access;

/// <summary>
/// What is in files that change while the process runs. They are read again when somebody asks, at most once in an interval:
/// no watcher sees through the links that Kubernetes swaps. What has become unreadable or broken changes nothing, and is told
/// once: a slip of an editor locks nobody out.
/// </summary>
/// <param name="read">Makes of the files' contents what is in them.</param>
/// <param name="told">Hears that the files were taken again, or are broken.</param>
internal sealed class ReloadedFile<T>(string[] paths, Func<byte[][], T> read, TimeProvider time, TimeSpan interval, Action<string> told)
    where T : class
{
    private const int MaxBytes = 1024 * 1024;
    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    private readonly Lock one = new();
    private byte[][] bytes = [];
    private string? fault;
    private long looked;
    private T? current;

    /// <exception cref="BrokenFileException">At the first time: there is nothing to go by.</exception>
    public T Current
    {
        get
        {
            lock (one)
            {
                if (current is null || time.GetElapsedTime(looked) >= interval)
                    Look();
                return current!;
            }
        }
    }

    private void Look()
    {
        looked = time.GetTimestamp();
        try
        {
            byte[][] now = [.. paths.Select(Read)];
            if (current is not null && now.Zip(bytes, (one, before) => one.AsSpan().SequenceEqual(before)).All(isSame => isSame))
            {
                fault = null;
                return;
            }

            var next = read(now);
            if (current is not null)
                told($"{string.Join(" and ", paths)} has changed, and is in force");
            (current, bytes, fault) = (next, now, null);
        }
        catch (BrokenFileException e) when (current is not null)
        {
            if (fault != e.Message)
                told($"{e.Message}; what was read before stays in force");
            fault = e.Message;
        }
    }

    /// <exception cref="BrokenFileException">It cannot be read, or others could have written it.</exception>
    private static byte[] Read(string path)
    {
        try
        {
            using var file = File.OpenHandle(path);
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & WritableByOthers) != 0)
                throw new BrokenFileException($"{path} may be written by others than its owner; take that away with: chmod go-w {path}");
            long length = RandomAccess.GetLength(file);
            if (length > MaxBytes)
                throw new BrokenFileException($"{path} has {length} bytes; at most {MaxBytes} are read");
            byte[] content = new byte[length];
            int filled = 0;
            while (filled < content.Length && RandomAccess.Read(file, content.AsSpan(filled), filled) is > 0 and var count)
                filled += count;
            return content[..filled];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BrokenFileException($"{path} cannot be read: {e.Message.TrimEnd('.')}");
        }
    }
}

/// <summary>A file cannot be used; the message says which, why, and what to do.</summary>
internal sealed class BrokenFileException(string message) : Exception(message)
{
    /// <exception cref="BrokenFileException">It is no UTF-8.</exception>
    public static string TextOf(string path, byte[] bytes)
    {
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new BrokenFileException($"{path} is no text in UTF-8");
        }
    }
}
