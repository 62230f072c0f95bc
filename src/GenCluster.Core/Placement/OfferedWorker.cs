using GenCluster.Core.Identity;
using GenCluster.Core.Workers;
using MessagePack;

namespace GenCluster.Core.Placement;

/// <summary>An attached worker, as placement sees it. A worker runs one trial at a time.</summary>
public sealed record OfferedWorker(WorkerId Worker)
{
    /// <summary>What it is placed on; null when it is free.</summary>
    public TrialId? Trial { get; init; }

    /// <summary>The order in which a gang's members came: those who came last go first.</summary>
    public long Seat { get; init; }

    /// <summary>The machine. Workers of one host talk through shared memory.</summary>
    public string Host { get; init; } = "";

    /// <summary><c>cpu</c>, or what kind of GPU it has.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>The memory that it may have to share with other workers; null: it was not told of any.</summary>
    public DeviceMemory? Shared { get; init; }

    /// <summary>Whether it has been free for a while, so that no trial that is about to ask is deprived of it.</summary>
    public bool IsIdle { get; init; } = true;

    public WorkerFitness Fitness { get; init; }
}

/// <summary>A device that several worker processes of one host may own together.</summary>
/// <param name="Device">Its name, unique within the host.</param>
/// <param name="Bytes">All that trials may use of it.</param>
[MessagePackObject]
public sealed record DeviceMemory([property: Key(0)] string Device, [property: Key(1)] long Bytes);
