using System.Collections.Immutable;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;

namespace GenCluster.Core.Trials;

/// <summary>A trial: the fold of its events.</summary>
/// <param name="Epoch">Of the newest lease; 0 before the first.</param>
/// <param name="Gang">Who holds the lease; empty when nobody does.</param>
/// <param name="Checkpoints">The newest first; as many as are kept (<see cref="TrialDecider.KeptCheckpoints"/>).</param>
/// <param name="CommittedStep">The newest checkpoint under the lease in force, by which a repetition is known; -1 before the first.</param>
/// <param name="Reports">One per evaluated step.</param>
/// <param name="Stalls">Attempts and losses without progress in between, by what caused them; a preemption is none.</param>
/// <param name="LastMessage">Why the last lease ended or its gang changed; empty before.</param>
public sealed record TrialState(
    TrialId Trial,
    TrialDefinition? Definition,
    TrialPhase Phase,
    long Epoch,
    ImmutableArray<WorkerId> Gang,
    ImmutableArray<CheckpointManifest> Checkpoints,
    int CommittedStep,
    ImmutableSortedDictionary<int, MetricReport> Reports,
    ImmutableSortedDictionary<FailureClass, int> Stalls,
    FailureClass? LastCause,
    string LastMessage,
    TrialOutcome? Outcome)
{
    public static TrialState New(TrialId trial) =>
        new(trial, null, TrialPhase.Pending, 0, [], [], -1, ImmutableSortedDictionary<int, MetricReport>.Empty,
            ImmutableSortedDictionary<FailureClass, int>.Empty, null, "", null);

    /// <summary>Gangs placed so far; a change of a gang is none.</summary>
    public int Attempts { get; init; }

    /// <summary>The highest step that was heard of when a member was lost; a loss after a higher one came after progress.</summary>
    public int LossStep { get; init; } = -1;

    public bool HasEnded => Outcome is not null;

    public Lease Lease => new(Trial, Epoch);

    /// <summary>The objective at the newest evaluation.</summary>
    public double? Objective => Reports.Count == 0 ? null : Reports.Values.Last().Find(Definition!.Objective.Metric);

    /// <summary>The objective of the untrained weights.</summary>
    public double? Untrained => Reports.TryGetValue(0, out var report) ? report.Find(Definition!.Objective.Metric) : null;

    /// <summary>Whether the machines keep failing it, so that trying again makes no sense before somebody has looked.</summary>
    public bool IsStuck => Phase is TrialPhase.Pending && LastCause is FailureClass.Hardware && StallsBy(FailureClass.Hardware) >= TrialDecider.StallsUntilStuck;

    /// <summary>How often <paramref name="cause"/> struck without progress in between.</summary>
    public int StallsBy(FailureClass cause) => Stalls.GetValueOrDefault(cause);
}
