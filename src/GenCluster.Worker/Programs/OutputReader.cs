namespace GenCluster.Worker.Programs;

/// <summary>A thread that reads a program's output: into a file, and line by line to whoever listens.</summary>
internal sealed class OutputReader : IDisposable
{
    private readonly Thread thread;
    private readonly Stream stream;
    private readonly OutputCapture capture;
    private readonly LineSplitter lines;
    private volatile bool done;

    /// <param name="line">May block; the program then waits as soon as the pipe is full. It ends the reading by <see cref="OperationCanceledException"/>.</param>
    public OutputReader(Stream stream, string path, Action<string> line)
    {
        this.stream = stream;
        capture = new OutputCapture(path);
        lines = new LineSplitter(line);
        thread = new Thread(Read) { IsBackground = true, Name = "program output" };
        thread.Start();
    }

    /// <summary>All is read, or cannot be read any more.</summary>
    public bool IsDone => done;

    /// <summary>To be asked when all is read.</summary>
    public string LastLines(int lines, int characters) => done ? capture.LastLines(lines, characters) : "";

    public void Dispose()
    {
        stream.Dispose();
        if (done)
            capture.Dispose();
    }

    private void Read()
    {
        byte[] buffer = new byte[16 * 1024];
        bool listens = true;
        try
        {
            for (int read; (read = stream.Read(buffer)) > 0;)
            {
                Keep(buffer.AsSpan(0, read));
                listens = listens && Split(buffer.AsSpan(0, read));
            }

            if (listens)
                lines.Flush();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // Nobody wants it any more.
        }

        done = true;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        try
        {
            capture.Write(bytes);
        }
        catch (IOException)
        {
            // The disk is full. The program is worth more than what it prints.
        }
    }

    private bool Split(ReadOnlySpan<byte> bytes)
    {
        try
        {
            lines.Write(bytes);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
