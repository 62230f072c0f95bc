using System.Text;

namespace GenCluster.Worker.Programs;

/// <summary>
/// Cuts bytes into lines. A line that is too long is passed over: what tells of metrics is short, and a program that never
/// ends its line must not cost memory.
/// </summary>
internal sealed class LineSplitter(Action<string> line)
{
    /// <summary>Bytes that a line may have.</summary>
    public const int MaxLine = 64 * 1024;

    private readonly byte[] buffer = new byte[MaxLine];
    private int length;
    private bool tooLong;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            int end = bytes.IndexOf((byte)'\n');
            Add(end < 0 ? bytes : bytes[..end]);
            if (end < 0)
                return;
            Flush();
            bytes = bytes[(end + 1)..];
        }
    }

    /// <summary>The line that has no end, at the end of all.</summary>
    public void Flush()
    {
        if (!tooLong && length > 0)
        {
            // What a progress bar has overwritten nobody would see either.
            var text = buffer.AsSpan(0, length).TrimEnd((byte)'\r');
            line(Encoding.UTF8.GetString(text[(text.LastIndexOf((byte)'\r') + 1)..]));
        }

        (length, tooLong) = (0, false);
    }

    private void Add(ReadOnlySpan<byte> part)
    {
        tooLong |= part.Length > MaxLine - length;
        if (tooLong)
            return;
        part.CopyTo(buffer.AsSpan(length));
        length += part.Length;
    }
}
