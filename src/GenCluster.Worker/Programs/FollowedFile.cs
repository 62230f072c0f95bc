namespace GenCluster.Worker.Programs;

/// <summary>A file that somebody else appends to, may begin anew, and may not have made yet.</summary>
/// <param name="from">Where to begin: what an earlier attempt wrote is not said again.</param>
internal sealed class FollowedFile(string path, long from)
{
    private const int MaxBytes = 1024 * 1024;

    private readonly byte[] buffer = new byte[64 * 1024];
    private long position = from;

    /// <summary>Follows from the end that the file has now.</summary>
    public static FollowedFile FromEnd(string path) => new(path, new FileInfo(path) is { Exists: true } file ? file.Length : 0);

    /// <summary>Reads what is new, and not more than a little of it.</summary>
    /// <returns>Whether there may be more.</returns>
    public bool Read(ReadOnlySpanAction<byte> take)
    {
        if (new FileInfo(path) is not { Exists: true, Length: var length } || length == position)
            return false;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        position = file.Length < position ? 0 : position;
        file.Position = position;
        for (int total = 0, read; total < MaxBytes; total += read)
        {
            read = file.Read(buffer);
            if (read == 0)
                return false;
            position += read;
            take(buffer.AsSpan(0, read));
        }

        return true;
    }
}

internal delegate void ReadOnlySpanAction<T>(ReadOnlySpan<T> span);
