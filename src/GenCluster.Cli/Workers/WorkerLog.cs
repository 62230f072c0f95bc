namespace GenCluster.Cli.Workers;

/// <summary>The log file of one worker. A log that cannot be written never disturbs the work.</summary>
internal sealed class WorkerLog : IDisposable
{
    private readonly Lock gate = new();
    private StreamWriter? writer;

    public WorkerLog(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            writer = new StreamWriter(path, append: true) { AutoFlush = true };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            writer = null;
        }
    }

    public void Write(string line)
    {
        lock (gate)
        {
            try
            {
                writer?.WriteLine(line);
            }
            catch (IOException)
            {
                Close();
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
            Close();
    }

    private void Close()
    {
        try
        {
            writer?.Dispose();
        }
        catch (IOException)
        {
            // Lines still in the buffer are lost, as on a full disk they must be.
        }

        writer = null;
    }
}
