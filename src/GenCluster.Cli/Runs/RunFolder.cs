using System.Globalization;
using GenCluster.Cli.CommandLine;

namespace GenCluster.Cli.Runs;

/// <summary>The folder of one sweep's run. Held by one command at a time.</summary>
public sealed class RunFolder : IDisposable
{
    private readonly RunLock held;

    private RunFolder(string runs, string path, RunLock held)
    {
        Runs = runs;
        Path = path;
        this.held = held;
    }

    /// <summary>The folder that holds one folder per sweep.</summary>
    public string Runs { get; }

    public string Path { get; }

    public string Journal => System.IO.Path.Combine(Path, "journal.db");

    public string Leaderboard => System.IO.Path.Combine(Path, "leaderboard.csv");

    public string Best => System.IO.Path.Combine(Path, "best");

    public string CoordinatorLog => System.IO.Path.Combine(Path, "logs", "coordinator.log");

    public string WorkerLog(string worker) => System.IO.Path.Combine(Path, "logs", worker + ".log");

    /// <summary>The final weights that the worker which led the trial wrote.</summary>
    public string Weights(int trial) => System.IO.Path.Combine(Trial(trial), "weights.safetensors");

    /// <summary>What the program of a trial left in its checkpoint folder in the end.</summary>
    public string Result(int trial) => System.IO.Path.Combine(Trial(trial), "result");

    /// <summary>Makes the folder where it is missing and takes its lock.</summary>
    /// <exception cref="CliException">It cannot be written, or another command runs in it.</exception>
    public static RunFolder Open(string runs, string sweep)
    {
        runs = System.IO.Path.GetFullPath(runs);
        string path = System.IO.Path.Combine(runs, sweep);
        try
        {
            Directory.CreateDirectory(System.IO.Path.Combine(path, "logs"));
            return new RunFolder(runs, path, RunLock.Take(path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Failed, $"cannot write to the run folder {path}: {Sentence(failure)}; choose another one with --runs DIR");
        }
    }

    public void Dispose() => held.Dispose();

    private static string Sentence(Exception failure) => failure.Message.TrimEnd('.').ReplaceLineEndings(" ");

    private string Trial(int trial) => System.IO.Path.Combine(Path, "trials", trial.ToString("0000", CultureInfo.InvariantCulture));
}
