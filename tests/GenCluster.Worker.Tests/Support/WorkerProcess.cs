using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace GenCluster.Worker.Tests.Support;

/// <summary>The worker's program as it is shipped, started as the command starts it.</summary>
internal sealed partial class WorkerProcess : IDisposable
{
    public const int Interrupt = 2, Terminate = 15;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly StringBuilder errors = new();
    private readonly StringBuilder output = new();
    private readonly TaskCompletionSource listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private WorkerProcess(Process process)
    {
        this.process = process;
    }

    public string Errors => errors.ToString();

    public string Output => output.ToString();

    public bool HasExited => process.HasExited;

    public static WorkerProcess Start(params string[] arguments) => StartWith(libtorch: null, arguments);

    /// <param name="libtorch">The folder of another libtorch.</param>
    /// <param name="arguments">The command line.</param>
    public static WorkerProcess StartWith(string? libtorch, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "gencluster-worker"), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment["GENCLUSTER_LIBTORCH"] = libtorch;
        foreach (string name in (string[])["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"])
            start.Environment.Remove(name);
        start.Environment["AWS_EC2_METADATA_DISABLED"] = "true"; // it would name a region, or keep a test waiting
        start.Environment["AWS_CONFIG_FILE"] = start.Environment["AWS_SHARED_CREDENTIALS_FILE"] = Path.Combine(Path.GetTempPath(), "no such file");

        var worker = new WorkerProcess(new Process { StartInfo = start });
        worker.process.OutputDataReceived += (_, line) => worker.Hear(line.Data);
        worker.process.ErrorDataReceived += (_, line) => worker.errors.Append(line.Data).Append(line.Data is null ? "" : "\n");
        worker.process.Start();
        worker.process.BeginOutputReadLine();
        worker.process.BeginErrorReadLine();
        return worker;
    }

    /// <summary>Ends when the control plane listens: the program is all there.</summary>
    public Task ListeningAsync() => listening.Task.WaitAsync(Patience);

    public void Signal(int signal) => _ = SendSignal(process.Id, signal);

    public void CloseInput() => process.StandardInput.Close();

    /// <summary>The exit code, once it has one and all output is read.</summary>
    public async Task<int> ExitAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.Dispose();
    }

    private void Hear(string? line)
    {
        if (line is null)
            return;
        output.Append(line).Append('\n');
        if (line.Contains("listening on addresses", StringComparison.Ordinal))
            listening.TrySetResult();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
