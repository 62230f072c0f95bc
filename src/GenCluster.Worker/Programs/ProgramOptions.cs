using GenCluster.Core.Checkpoints;
using GenCluster.Core.Training;
using GenCluster.Checkpoints;

namespace GenCluster.Worker.Programs;

/// <summary>What a worker gives to the programs that it runs.</summary>
internal sealed record ProgramOptions
{
    /// <summary>The folder of all runs.</summary>
    public required string Runs { get; init; }

    /// <summary>Null to keep checkpoints in the trial's folder.</summary>
    public ICheckpointStores? Checkpoints { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The worker's own environment.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>How long a failure in a gang waits for word of a loss that explains it.</summary>
    public TimeSpan EchoTime { get; init; } = TimeSpan.FromSeconds(5);

    public ICheckpointStore OpenCheckpoints(ProgramFolders folders, TrialOrder order, CancellationToken cancellation) =>
        Checkpoints?.Open(order.Lease, cancellation) ?? new DirectoryCheckpointStore(folders.Checkpoints, order.Lease.Epoch);

    /// <summary>What <c>${interpreter}</c> stands for: as W&amp;B has it, and where there is no such thing its usual other name.</summary>
    public string Interpreter => IsOnPath("python") || !IsOnPath("python3") ? "python" : "python3";

    private bool IsOnPath(string program) => Environment.GetValueOrDefault("PATH", "").Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, program)));
}
