using System.Diagnostics;
using System.Runtime.InteropServices;

namespace GenCluster.EndToEnd.Tests.Support;

/// <summary>How a command ended.</summary>
/// <param name="Code">128 and the signal when one killed it.</param>
internal sealed record Ending(int Code, IReadOnlyList<string> Output, IReadOnlyList<string> Errors, TimeSpan Time)
{
    /// <summary>All that was said, for a test that failed.</summary>
    public override string ToString() => $"exit code {Code} after {Time.TotalSeconds:0.0} s\n{string.Join('\n', Errors.Concat(Output))}";
}

/// <summary>
/// A running <c>gencluster</c>, or another of our programs: a real process that leads a process group of its own, so
/// that a signal can go to all of it and nothing of it outlives the test.
/// </summary>
internal sealed class Gencluster : IAsyncDisposable
{
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly Transcript output = new();
    private readonly Transcript errors = new();
    private readonly Process process;
    private readonly PosixSignalRegistration endOfTests;

    private Gencluster(ProcessStartInfo start)
    {
        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => output.Add(line.Data);
        process.ErrorDataReceived += (_, line) => errors.Add(line.Data);
        process.Start();
        endOfTests = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => KillAll());
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Also the number of the group.</summary>
    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    public TimeSpan Elapsed => clock.Elapsed;

    public IReadOnlyList<GroupMember> Workers => [.. ProcessGroup.Members(Id).Where(p => p.IsWorker)];

    public static Gencluster Start(params string[] arguments) => StartProgram(Programs.Command, arguments);

    public static Gencluster StartProgram(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        // Both wrappers become the program itself. Signals get their usual meaning, which the tests' own parent may have changed.
        var start = new ProcessStartInfo("setsid", ["env", "--default-signal=INT,TERM", program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return new Gencluster(start);
    }

    public static async Task<Ending> RunAsync(params string[] arguments)
    {
        await using var command = Start(arguments);
        return await command.EndAsync();
    }

    /// <summary>Waits for a line on standard error, and returns it.</summary>
    public async Task<string> SaysAsync(Func<string, bool> which, string hopes)
    {
        string? found = null;
        await Holds(() => (found = errors.Lines.FirstOrDefault(which)) is not null, hopes);
        return found!;
    }

    public Task<string> SaysAsync(string part) => SaysAsync(line => line.Contains(part, StringComparison.Ordinal), $"a line with '{part}'");

    /// <summary>Waits for something that can happen only while the command runs.</summary>
    public Task Holds(Func<bool> look, string hopes) => Eventually.Holds(
        () =>
        {
            bool over = process.HasExited;
            return look() || (over ? throw new InvalidOperationException($"the command ended before {hopes}; it said\n{errors}\n{output}") : false);
        },
        hopes);

    /// <summary>All that it has said so far.</summary>
    public string Transcript() => $"{errors}\n{output}";

    public async Task<Ending> EndAsync(TimeSpan? within = null)
    {
        try
        {
            await process.WaitForExitAsync().WaitAsync(within ?? Eventually.Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"the command did not end in time; it said\n{errors}\n{output}");
        }

        return new Ending(process.ExitCode, output.Lines, errors.Lines, clock.Elapsed);
    }

    public async ValueTask DisposeAsync()
    {
        endOfTests.Dispose();
        KillAll();
        await process.WaitForExitAsync();
        await Eventually.Holds(() => ProcessGroup.Members(Id).Count == 0, "the death of all that was started");
        process.Dispose();
    }

    private void KillAll() => ProcessGroup.SignalAll(Id, ProcessGroup.Kill);
}
