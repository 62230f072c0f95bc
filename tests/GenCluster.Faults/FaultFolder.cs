using System.Diagnostics;
using System.Globalization;

namespace GenCluster.Faults;

/// <summary>
/// How a test and the processes that it disturbs talk: <c>NAME.fault</c> holds a fault to come, and whoever is struck by it takes the
/// file away, so that it strikes once; <c>PROCESS-ID.log</c> holds what a process tells, a line each, in nanoseconds of the machine's
/// monotonic clock.
/// </summary>
internal sealed class FaultFolder
{
    public const string Variable = "GENCLUSTER_FAULTS", OwnerVariable = "GENCLUSTER_FAULTS_OWNER";

    private readonly string? owner = Environment.GetEnvironmentVariable(OwnerVariable);
    private readonly string path;
    private readonly string process;
    private readonly string log;
    private readonly Lock gate = new();

    public FaultFolder(string path)
    {
        this.path = path;
        process = NameOfProcess(Environment.GetCommandLineArgs());
        log = Path.Combine(path, $"{process}-{Environment.ProcessId}.log");
    }

    /// <summary>Whether the test lives that has started this process.</summary>
    public bool IsWatched => owner is null || Directory.Exists($"/proc/{owner}");

    /// <summary>The faults that may strike this process, by file.</summary>
    public IEnumerable<string> Waiting => Directory.Exists(path) ? Directory.EnumerateFiles(path, "*.fault") : [];

    /// <summary>Reads a fault that was found; null when it is gone, or another process's.</summary>
    public Fault? Read(string file)
    {
        try
        {
            var fault = Fault.Parse(File.ReadAllText(file));
            return fault.Process is null || fault.Process == process ? fault : null;
        }
        catch (IOException)
        {
            return null; // taken by another between two looks
        }
    }

    /// <summary>Takes a fault for this process.</summary>
    /// <returns>False when another was first.</returns>
    public static bool Claim(string file)
    {
        try
        {
            File.Move(file, Path.ChangeExtension(file, ".struck"));
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public void Tell(string what)
    {
        string line = string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetTimestamp()} {what}\n");
        lock (gate)
            File.AppendAllText(log, line);
    }

    /// <summary>A worker has a name of its own; others have that of their program.</summary>
    private static string NameOfProcess(string[] arguments) =>
        arguments.SkipWhile(argument => argument != "--name").Skip(1).FirstOrDefault()
        ?? Path.GetFileNameWithoutExtension(Environment.ProcessPath ?? arguments[0]);
}
