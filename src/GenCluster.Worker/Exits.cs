using System.Runtime.InteropServices;

namespace GenCluster.Worker;

/// <summary>The ways in which a worker is asked to go: SIGTERM, Ctrl-C, and the end of its parent.</summary>
internal sealed partial class Exits : IDisposable
{
    private readonly TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration term;
    private readonly PosixSignalRegistration interrupt;

    public Exits(bool withParent)
    {
        term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ask);
        interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = true;
            if (!withParent)
                asked.TrySetResult(); // else the parent had the same Ctrl-C, and will say what to do
        });
        if (withParent)
            new Thread(DieWithParent) { IsBackground = true, Name = "parent watch" }.Start();
    }

    /// <summary>Ends when the worker should leave.</summary>
    public Task Asked => asked.Task;

    public void Dispose()
    {
        term.Dispose();
        interrupt.Dispose();
    }

    private void Ask(PosixSignalContext context)
    {
        context.Cancel = true;
        asked.TrySetResult();
    }

    /// <summary>
    /// The parent holds the other end of standard input and never writes. When it is gone, however it went, the kernel
    /// closes it. Nothing is owed to anyone then, and an orderly exit would wait for libtorch's threads.
    /// </summary>
    private static void DieWithParent()
    {
        using var input = Console.OpenStandardInput();
        Span<byte> ignored = stackalloc byte[64];
        while (input.Read(ignored) > 0)
        {
        }

        ExitNow(0);
    }

    /// <summary>Ends the process whatever its threads do, and without a word to anyone.</summary>
    [LibraryImport("libc", EntryPoint = "_exit")]
    public static partial void ExitNow(int status);
}
