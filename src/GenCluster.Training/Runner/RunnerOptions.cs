using GenCluster.Collectives.Gangs;
using GenCluster.Training.Metering;

namespace GenCluster.Training.Runner;

/// <summary>What a worker gives to the trials that it runs.</summary>
public sealed record RunnerOptions
{
    /// <summary>The folder of all runs; a trial's is <c>sweep/trials/0001</c> in it, the same for all members of a gang.</summary>
    public required string RunsDirectory { get; init; }

    /// <summary>The device this worker owns: <c>auto</c>, <c>cpu</c> or <c>cuda</c>.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Where peers connect; null when this worker runs trials alone only.</summary>
    public GangListener? Listener { get; init; }

    /// <summary>Where the numbers of runs go.</summary>
    public TrainingMeters Meters { get; init; } = TrainingMeters.None;

    /// <summary>
    /// How long to wait for peers. They wait while the leader evaluates and while one of them fetches its data; a dead
    /// peer is noticed at once, by its closed connection.
    /// </summary>
    public GangOptions Gang { get; init; } = new() { Deadline = TimeSpan.FromMinutes(15), JoinDeadline = TimeSpan.FromMinutes(5) };

    /// <summary>How long to wait for peers that were at work a moment ago. It is the gang's order that they have got, or will never get.</summary>
    public TimeSpan RejoinDeadline { get; init; } = TimeSpan.FromSeconds(8);
}
