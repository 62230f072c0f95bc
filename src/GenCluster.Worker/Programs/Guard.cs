using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace GenCluster.Worker.Programs;

/// <summary>
/// A small process between the worker and a program: it leads the program's process group and adopts whatever the program
/// leaves behind, so that nothing of it outlives the trial. It ends with the program, and at once, with all of it, when its
/// standard input is closed: that happens whenever the worker dies, however it dies.
/// </summary>
/// <remarks>
/// The kernel's own means, a signal at the parent's death (<c>PR_SET_PDEATHSIG</c>), does not serve: it comes when the
/// <em>thread</em> dies that started the child, and the runtime's threads come and go; it is cleared by setuid programs; and
/// children of the program do not have it.
/// </remarks>
internal static class Guard
{
    /// <summary>The one argument with which the worker's program is a guard.</summary>
    public const string Argument = "guard-program";

    /// <summary>Orders on standard input after the first.</summary>
    public const byte Terminate = (byte)'T', Kill = (byte)'K';

    /// <summary>As a shell has it: there is no such program, or it may not be run.</summary>
    public const int CannotStart = 127;

    /// <summary>As a shell has it: killed by SIGKILL.</summary>
    public const int Killed = 128 + Posix.Kill;

    private const int Looks = 400;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(5);

    private static volatile bool killing;

    public static int Run()
    {
        Posix.LeadSession();
        Posix.AdoptOrphans();
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = true); // meant for the others of the group
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        using var control = Console.OpenStandardInput();
        if (GuardOrder.Read(control) is not { } order)
            return Killed;
        if (Start(order) is not { } program)
            return CannotStart;

        new Thread(() => Obey(control)) { IsBackground = true, Name = "orders" }.Start();
        program.WaitForExit();
        if (killing)
            return Killed; // it is the other thread that buries it, and how it died is known
        EndAll();
        return program.ExitCode;
    }

    private static Process? Start(GuardOrder order)
    {
        string program = order.Arguments[0];
        if (!Directory.Exists(order.Folder))
            return Refuse(program, $"there is no folder '{order.Folder}' to run it in");
        if (Find(program, order) is not { } path)
            return Refuse(program, program.Contains('/', StringComparison.Ordinal) ? $"there is no such file, seen from '{order.Folder}'" : "there is no such program on the PATH");

        var start = new ProcessStartInfo(path, order.Arguments[1..]) { RedirectStandardInput = true, WorkingDirectory = order.Folder };
        start.Environment.Clear();
        foreach (var (name, value) in order.Environment)
            start.Environment[name] = value;
        try
        {
            var process = Process.Start(start)!;
            process.StandardInput.Close(); // it reads the end of its input, not our orders
            return process;
        }
        catch (Win32Exception failure)
        {
            const int Denied = 13, UnknownFormat = 8;
            return Refuse(program, failure.NativeErrorCode switch
            {
                Denied => $"'{path}' is not marked as executable; name its interpreter before it, such as python3",
                UnknownFormat => $"'{path}' is no program for this machine, and names no interpreter in its first line",
                _ => failure.Message,
            });
        }
    }

    private static Process? Refuse(string program, string why)
    {
        Console.Error.WriteLine($"gencluster: '{program}' cannot be started: {why}");
        return null;
    }

    /// <summary>As exec finds it: by the program's own PATH, and never in the working folder unless it is asked for by path.</summary>
    private static string? Find(string program, GuardOrder order)
    {
        if (program.Contains('/', StringComparison.Ordinal))
            return Path.Combine(order.Folder, program) is var path && File.Exists(path) ? path : null;
        return order.Environment.GetValueOrDefault("PATH", "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(order.Folder, folder, program))
            .FirstOrDefault(candidate => Posix.IsExecutable(candidate));
    }

    private static void Obey(Stream control)
    {
        while (control.ReadByte() == Terminate)
            Posix.Signal(0, Posix.Terminate);
        killing = true;
        EndAll();
        Exits.ExitNow(Killed);
    }

    /// <summary>Kills what is left of the program. Those that make others meanwhile are looked for again.</summary>
    private static void EndAll()
    {
        using var never = new ManualResetEventSlim();
        for (int look = 0; look < Looks; look++)
        {
            var living = ProcessTree.Descendants(Environment.ProcessId);
            if (living.Count == 0)
                return;
            foreach (int process in living)
                Posix.Signal(process, Posix.Kill);
            never.Wait(BetweenLooks);
            Posix.Reap();
        }
    }
}
