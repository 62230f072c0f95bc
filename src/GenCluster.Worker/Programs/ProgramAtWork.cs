namespace GenCluster.Worker.Programs;

/// <summary>A program, the threads that read its output, and its end: asked for, then enforced.</summary>
internal sealed class ProgramAtWork : IDisposable
{
    private const int Lines = 12, Characters = 1_000;

    /// <summary>From the death of all processes until their output has to be read.</summary>
    private static readonly TimeSpan ReadTime = TimeSpan.FromSeconds(5);

    /// <summary>For the guard to kill what the program has started.</summary>
    private static readonly TimeSpan KillTime = TimeSpan.FromSeconds(3);

    private readonly ProgramProcess process;
    private readonly OutputReader output;
    private readonly OutputReader errors;
    private readonly TimeSpan grace;
    private readonly TimeProvider clock;
    private long? askedAt;
    private long? killedAt;
    private long? exitedAt;

    public ProgramAtWork(GuardOrder order, ProgramFolders folders, TimeSpan grace, TimeProvider clock, Action<string> line)
    {
        (this.grace, this.clock) = (grace, clock);
        process = ProgramProcess.Start(order);
        output = new OutputReader(process.Output, folders.Output, line);
        errors = new OutputReader(process.Errors, folders.Errors, line);
    }

    /// <summary>The number of its process group.</summary>
    public int Id => process.Id;

    public int ExitCode => process.ExitCode;

    /// <summary>Whether it was asked to end, by us.</summary>
    public bool WasAsked => askedAt is not null;

    /// <summary>It has ended, and all that it said is read.</summary>
    public bool IsOver
    {
        get
        {
            if (!process.HasExited)
                return false;
            exitedAt ??= clock.GetTimestamp();
            return (output.IsDone && errors.IsDone) || clock.GetElapsedTime(exitedAt.Value) > ReadTime;
        }
    }

    /// <summary>The end of what it said: on standard error, or else on standard output.</summary>
    public string LastLines() => errors.LastLines(Lines, Characters) is { Length: > 0 } said ? said : output.LastLines(Lines, Characters);

    /// <summary>Asks it to end.</summary>
    public void End()
    {
        if (askedAt is not null)
            return;
        askedAt = clock.GetTimestamp();
        process.Terminate();
    }

    /// <summary>Kills it when its grace is over.</summary>
    public void Enforce()
    {
        if (askedAt is not { } asked || process.HasExited)
            return;
        if (killedAt is null && clock.GetElapsedTime(asked) >= grace)
        {
            killedAt = clock.GetTimestamp();
            process.Kill();
        }
        else if (killedAt is { } killed && clock.GetElapsedTime(killed) >= KillTime)
        {
            process.KillGuard();
        }
    }

    public void Dispose()
    {
        process.Dispose();
        output.Dispose();
        errors.Dispose();
    }
}
