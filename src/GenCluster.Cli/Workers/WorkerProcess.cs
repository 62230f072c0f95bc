using System.Diagnostics;

namespace GenCluster.Cli.Workers;

/// <summary>A real worker process, its output flowing to its log.</summary>
internal sealed class WorkerProcess : IWorkerProcess
{
    private readonly Process process;
    private readonly WorkerLog log;
    private volatile string lastError = "";

    public WorkerProcess(Process process, WorkerLog log)
    {
        this.process = process;
        this.log = log;
        log.Write($"--- process {process.Id}");
        Exited = RunAsync();
    }

    public int Id => process.Id;

    public Task<int> Exited { get; }

    public string LastError => lastError;

    public void CloseInput()
    {
        try
        {
            process.StandardInput.Close();
        }
        catch (Exception failure) when (failure is IOException or InvalidOperationException)
        {
            // It is gone already.
        }
    }

    public void Kill()
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception failure) when (failure is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It is gone already.
        }
    }

    public void Dispose()
    {
        log.Dispose();
        process.Dispose();
    }

    private async Task<int> RunAsync()
    {
        var output = PumpAsync(process.StandardOutput, static _ => { });
        var errors = PumpAsync(process.StandardError, line => lastError = line);
        await process.WaitForExitAsync();

        // A grandchild could keep the pipes open for ever; the last words of the worker itself are there at once.
        await Task.WhenAny(Task.WhenAll(output, errors), Task.Delay(TimeSpan.FromSeconds(1)));
        return process.ExitCode;
    }

    private async Task PumpAsync(StreamReader reader, Action<string> last)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                log.Write(line);
                if (!string.IsNullOrWhiteSpace(line))
                    last(line.Trim());
            }
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            // The pipe broke with its process.
        }
    }
}
