using System.Collections.Immutable;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Coordination;
using GenCluster.Core.Identity;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Server.Journals;

namespace GenCluster.Server.ReadModel;

/// <summary>What an event changes in the read model: a pure function of the event, its owner, its place and its time.</summary>
public static partial class Projection
{
    /// <summary>The changes of a row of the journal.</summary>
    /// <exception cref="System.Runtime.Serialization.SerializationException">The row holds no event of this release.</exception>
    public static ImmutableArray<RowChange> Of(JournalEntry entry) => Of(entry.Read(), entry.Owner, entry.Ordering, entry.CreatedAt);

    /// <param name="ordering">The event's place among all.</param>
    /// <param name="at">Milliseconds since 1970, UTC.</param>
    /// <exception cref="ArgumentException">The event is none of this owner's.</exception>
    public static ImmutableArray<RowChange> Of(object @event, JournalOwner owner, long ordering, long at) => (@event, owner) switch
    {
        (ICoordinatorEvent e, JournalOwner.Coordinator) => Of(e, at),
        (ISweepEvent e, JournalOwner.OfSweep o) => Of(e, o.Sweep.Value, ordering, at),
        (ITrialEvent e, JournalOwner.OfTrial o) => Of(e, o.Trial, at),
        (IShelfEvent, JournalOwner.OfShelf) => [],
        _ => throw new ArgumentException($"{@event.GetType().Name} is no event of {owner}", nameof(@event)),
    };

    private static ImmutableArray<RowChange> Of(ICoordinatorEvent @event, long at) => @event switch
    {
        CoordinatorStarted e => [new(ReadTables.Coordinators, [e.Epoch], [("started_at", at)])],
        SweepRegistered e => [new(ReadTables.Sweeps, [e.Sweep.Value], [("registered_at", at)])],
        _ => throw new ArgumentOutOfRangeException(nameof(@event), @event, "an event without a rule"),
    };

    /// <summary>The same from the trial's own journal and from the sweep's, whichever is read first.</summary>
    private static RowChange Ended(string sweep, int trial, TrialOutcome outcome, long at) => new(ReadTables.Trials, [sweep, (long)trial],
    [
        ("ended_at", at), ("phase", $"{outcome.Phase}"), ("objective", Real(outcome.Objective)), ("untrained", Real(outcome.Untrained)),
        ("steps", (long)outcome.Steps), ("weights_sha256", outcome.WeightsSha256.Length == 0 ? null : outcome.WeightsSha256),
        ("failure", outcome.Failure is { } failure ? $"{failure}" : null), ("message", outcome.Message.Length == 0 ? null : outcome.Message),
        ("waits_at", null), ("device_seconds", outcome.DeviceSeconds > 0 ? outcome.DeviceSeconds : null),
    ]);

    // SQLite has no NaN: it reads as null everywhere.
    private static double? Real(double? value) => value is { } number && !double.IsNaN(number) ? number : null;
}
