using System.Collections.Immutable;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;

namespace GenCluster.Core.Trials;

/// <summary>A trial: the fold of its events.</summary>
/// <param name="Epoch">Of the newest lease; 0 before the first.</param>
/// <param name="Gang">Who holds the lease; empty when nobody does.</param>
/// <param name="Checkpoints">The newest first; as many as are kept (<see cref="Retention"/>).</param>
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

    /// <summary>Restarts used up by failures of the trial's own doing; progress gives none back.</summary>
    public int Restarts { get; init; }

    /// <summary>How long it waits before it asks for another gang.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Failures without progress in between, of whatever class; a preemption is none.</summary>
    public int FailuresInARow { get; init; }

    /// <summary>What the first of <see cref="FailuresInARow"/> was; empty when there is none.</summary>
    public string FirstMessage { get; init; } = "";

    /// <summary>Workers whose machine may be to blame for one of them, once each.</summary>
    public ImmutableArray<WorkerId> Struck { get; init; } = [];

    /// <summary>The highest step that was heard of when a member was lost; a loss after a higher one came after progress.</summary>
    public int LossStep { get; init; } = -1;

    /// <summary>
    /// The epoch since which the present leader leads without a break. A checkpoint whose blobs were put under an older one
    /// counts no more, so collectors may clear away what lies before (<see cref="CheckpointCollector"/>).
    /// </summary>
    public long Fence { get; init; }

    /// <summary>Checkpoints that somebody else needs, by who that is. One may be held by several.</summary>
    public ImmutableSortedDictionary<string, CheckpointManifest> Pins { get; init; } =
        ImmutableSortedDictionary<string, CheckpointManifest>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>The milestone that it trains to; null: it runs through.</summary>
    public int? Until { get; init; }

    /// <summary>The milestone that it has reached and waits at; null while it does not.</summary>
    public int? WaitsAt { get; init; }

    /// <summary>Milestones that it has a checkpoint of, the newest first; as many as are kept for others to begin from.</summary>
    public ImmutableArray<int> Milestones { get; init; } = [];

    /// <summary>Whether a person lets it wait.</summary>
    public bool IsHeld { get; init; }

    /// <summary>Why it is to end where it is; null: it is not.</summary>
    public string? StopReason { get; init; }

    /// <summary>How often it was begun again after it had failed.</summary>
    public int Round { get; init; }

    /// <summary>Time that workers were at work for it, added up over all of them, without the gang of now.</summary>
    public double DeviceSeconds { get; init; }

    /// <summary>Milliseconds since 1970, UTC, when the gang of now began; 0: not known.</summary>
    public long GangSince { get; init; }

    /// <summary>All checkpoints whose blobs must stay, the newest first.</summary>
    public ImmutableArray<CheckpointManifest> Live => [.. Checkpoints.Union(Pins.Values).OrderByDescending(manifest => manifest.Step)];

    public bool HasEnded => Outcome is not null;

    public Lease Lease => new(Trial, Epoch);

    /// <summary>The objective at the newest evaluation.</summary>
    public double? Objective => Reports.Count == 0 ? null : Reports.Values.Last().Find(Definition!.Objective.Metric);

    /// <summary>The objective of the untrained weights.</summary>
    public double? Untrained => ObjectiveAt(0);

    /// <summary>Whether the machines keep failing it, so that trying again makes no sense before somebody has looked.</summary>
    public bool IsStuck => Phase is TrialPhase.Pending && LastCause is FailureClass.Hardware && StallsBy(FailureClass.Hardware) >= FailureBudget.StallsUntilStuck;

    /// <summary>Whether nothing is missing any more for it to wait at its milestone.</summary>
    public bool IsAtMilestone => Until is { } until && Reports.ContainsKey(until) && !Checkpoints.IsEmpty && Checkpoints[0].Step == until;

    /// <summary><see cref="DeviceSeconds"/> with those of the gang of now.</summary>
    public double DeviceSecondsAt(long now) =>
        DeviceSeconds + (GangSince > 0 && now > GangSince ? (now - GangSince) / 1000.0 * Gang.Length : 0);

    /// <summary>This state when a gang has ended.</summary>
    internal TrialState WithoutGang(long now) => this with { DeviceSeconds = DeviceSecondsAt(now), GangSince = 0, Gang = [] };

    /// <summary>This state after progress that is kept: all is forgiven but the restarts.</summary>
    internal TrialState Forgiven() => this with { Stalls = Stalls.Clear(), FailuresInARow = 0, FirstMessage = "", Struck = [] };

    /// <summary>The objective at a step; null where there was no evaluation.</summary>
    public double? ObjectiveAt(int step) => Reports.TryGetValue(step, out var report) ? report.Find(Definition!.Objective.Metric) : null;

    /// <summary>How often <paramref name="cause"/> struck without progress in between.</summary>
    public int StallsBy(FailureClass cause) => Stalls.GetValueOrDefault(cause);
}
