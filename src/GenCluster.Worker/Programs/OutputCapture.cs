using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace GenCluster.Worker.Programs;

/// <summary>
/// A stream of output in a file: its beginning as it comes, its end when it is over, and between them how much was left out.
/// Written by one thread; its end may be asked for by any when that is done.
/// </summary>
internal sealed partial class OutputCapture : IDisposable
{
    /// <summary>Bytes kept from the beginning.</summary>
    public const int Head = 4 * 1024 * 1024;

    /// <summary>Bytes kept from the end.</summary>
    public const int Tail = 256 * 1024;

    private readonly FileStream file;
    private readonly byte[] ring = new byte[Tail];
    private readonly int head;
    private long written;
    private long total;

    public OutputCapture(string path, int head = Head)
    {
        this.head = head;
        file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        int first = (int)Math.Min(bytes.Length, head - written);
        if (first > 0)
        {
            file.Write(bytes[..first]);
            written += first;
        }

        Remember(bytes);
    }

    /// <summary>The last lines, cleaned of what is no text.</summary>
    public string LastLines(int lines, int characters)
    {
        string text = Encoding.UTF8.GetString(End(Tail)).TrimEnd();
        string[] last = [.. text.Split('\n').TakeLast(lines).Select(line => Clean(line[(line.TrimEnd('\r').LastIndexOf('\r') + 1)..])).Where(line => line.Length > 0)];
        string joined = string.Join(" | ", last);
        return joined.Length <= characters ? joined : "... " + joined[^characters..];
    }

    /// <summary>Writes the end.</summary>
    public void Dispose()
    {
        long missing = total - written;
        if (missing > 0)
        {
            long left = Math.Max(0, missing - Tail);
            if (left > 0)
                file.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\n[gencluster: {left} bytes left out here]\n")));
            file.Write(End(missing - left));
        }

        file.Dispose();
    }

    /// <summary>Without colours and other orders to a terminal, and without what is no text.</summary>
    private static string Clean(string line) =>
        string.Concat(TerminalOrder().Replace(line, "").Select(c => char.IsControl(c) || c == '\uFFFD' ? ' ' : c)).Trim();

    [GeneratedRegex("\u001b\\[[0-9;?]*[A-Za-z]")]
    private static partial Regex TerminalOrder();

    private void Remember(ReadOnlySpan<byte> bytes)
    {
        total += bytes.Length;
        if (bytes.Length > Tail)
            bytes = bytes[^Tail..];
        int at = (int)((total - bytes.Length) % Tail);
        int first = Math.Min(bytes.Length, Tail - at);
        bytes[..first].CopyTo(ring.AsSpan(at));
        bytes[first..].CopyTo(ring);
    }

    private byte[] End(long bytes)
    {
        int length = (int)Math.Min(Math.Min(bytes, total), Tail);
        byte[] end = new byte[length];
        for (int i = 0; i < length; i++)
            end[i] = ring[(int)((total - length + i) % Tail)];
        return end;
    }
}
