using System.ComponentModel;
using System.Diagnostics;

namespace GenCluster.Worker.Programs;

/// <summary>A program at work behind its <see cref="Guard"/>, seen from the worker.</summary>
internal sealed class ProgramProcess : IDisposable
{
    private readonly Process guard;
    private readonly Stream orders;

    private ProgramProcess(Process guard)
    {
        this.guard = guard;
        orders = guard.StandardInput.BaseStream;
    }

    /// <summary>Also the number of the program's process group.</summary>
    public int Id => guard.Id;

    public Stream Output => guard.StandardOutput.BaseStream;

    public Stream Errors => guard.StandardError.BaseStream;

    public bool HasExited => guard.HasExited;

    /// <summary>The program's exit code, or 128 and the signal that killed it.</summary>
    public int ExitCode => guard.ExitCode;

    /// <exception cref="IOException">The guard cannot be started; that says nothing of the program.</exception>
    public static ProgramProcess Start(GuardOrder order)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "gencluster-worker"), [Guard.Argument])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Prepare(start);
        try
        {
            var process = new ProgramProcess(Process.Start(start)!);
            order.Write(process.orders);
            return process;
        }
        catch (Win32Exception failure)
        {
            throw new IOException($"'{start.FileName}' cannot be started: {failure.Message}", failure);
        }
    }

    /// <summary>The exit code, once there is one.</summary>
    public async Task<int> ExitAsync(CancellationToken cancellation = default)
    {
        await guard.WaitForExitAsync(cancellation);
        return guard.ExitCode;
    }

    /// <summary>SIGTERM to all of the group.</summary>
    public void Terminate() => Say(Guard.Terminate);

    /// <summary>SIGKILL to all that the program has started.</summary>
    public void Kill() => Say(Guard.Kill);

    /// <summary>SIGKILL to the group and the guard, for a guard that does not answer.</summary>
    public void KillGuard()
    {
        Posix.Signal(-Id, Posix.Kill);
        guard.Kill();
    }

    /// <summary>As at the worker's own death: the guard kills all that the program has started, and ends.</summary>
    public void CloseOrders() => orders.Dispose();

    public void Dispose()
    {
        if (!guard.HasExited)
            KillGuard();
        guard.Dispose();
    }

    /// <summary>The guard is a small program of the runtime: the fewer threads and files it makes, the better.</summary>
    private static void Prepare(ProcessStartInfo start)
    {
        // Our own launcher looks for the runtime in the usual place only; ours may lie elsewhere.
        if (!start.Environment.ContainsKey("DOTNET_ROOT") && RuntimeRoot() is { } root)
            start.Environment["DOTNET_ROOT"] = root;
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_gcConcurrent"] = "0";
    }

    // <root>/shared/Microsoft.NETCore.App/<version>/
    private static string? RuntimeRoot()
    {
        string? shared = Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(typeof(object).Assembly.Location)));
        return Path.GetFileName(shared) == "shared" ? Path.GetDirectoryName(shared) : null;
    }

    private void Say(byte order)
    {
        try
        {
            orders.Write([order]);
            orders.Flush();
        }
        catch (IOException)
        {
            // It is gone already.
        }
    }
}
