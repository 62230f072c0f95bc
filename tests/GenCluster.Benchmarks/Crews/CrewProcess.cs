using System.Diagnostics;

namespace GenCluster.Benchmarks.Crews;

/// <summary>A process of a crew. It ends by itself when its connections do; where it does not, it is ended with all that it started.</summary>
internal sealed class CrewProcess : IAsyncDisposable
{
    private const int Kept = 20;

    private readonly Process process;
    private readonly Queue<string> lines = new();

    private CrewProcess(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, said) => Keep(said.Data);
        process.ErrorDataReceived += (_, said) => Keep(said.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Close();
    }

    /// <summary>The last lines that the process wrote.</summary>
    public string LastWords
    {
        get
        {
            lock (lines)
                return string.Join('\n', lines);
        }
    }

    public static CrewProcess Start(ProcessStartInfo command)
    {
        (command.RedirectStandardInput, command.RedirectStandardOutput, command.RedirectStandardError) = (true, true, true);
        return new CrewProcess(Process.Start(command)!);
    }

    /// <summary>Completes when the process has ended.</summary>
    public Task Leaves(CancellationToken cancellation) => process.WaitForExitAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (lines)
        {
            lines.Enqueue(line);
            if (lines.Count > Kept)
                lines.Dequeue();
        }
    }
}
