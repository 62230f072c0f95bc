namespace GenCluster.Cli.Workers;

/// <summary>Starts worker processes.</summary>
public interface IWorkerLauncher
{
    /// <exception cref="IOException">It could not be started.</exception>
    IWorkerProcess Start(WorkerLaunch launch);
}

/// <summary>A worker process to start.</summary>
/// <param name="Log">Takes, at its end, everything the process prints.</param>
/// <param name="Gpu">The one GPU that it sees, as CUDA calls it; null: whatever this process sees.</param>
public sealed record WorkerLaunch(string Name, WorkerBinary Binary, IReadOnlyList<string> Arguments, string Log, string? Gpu = null);

/// <summary>A running worker process. It lives as long as its standard input is open.</summary>
public interface IWorkerProcess : IDisposable
{
    int Id { get; }

    /// <summary>Ends with the exit code, after the last line of output was read.</summary>
    Task<int> Exited { get; }

    /// <summary>The last line on standard error that is not empty; empty before the first.</summary>
    string LastError { get; }

    /// <summary>Asks it to leave.</summary>
    void CloseInput();

    void Kill();
}
