using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using MessagePack;

namespace GenCluster.Core.Trials;

/// <summary>An event of a trial's journal. Closed set; every case has a golden file.</summary>
public interface ITrialEvent;

/// <param name="Until">The milestone that it trains to; null: it runs through.</param>
[MessagePackObject]
public sealed record TrialCreated([property: Key(0)] TrialDefinition Definition, [property: Key(1)] int? Until = null) : ITrialEvent;

/// <summary>A gang was placed, all members or none. The order of <paramref name="Members"/> is the order of their shards.</summary>
/// <param name="At">Milliseconds since 1970, UTC, by the coordinator's clock; likewise in other events. 0: a release that did not say.</param>
[MessagePackObject]
public sealed record LeaseGranted([property: Key(0)] long Epoch, [property: Key(1)] WorkerId[] Members, [property: Key(2)] long At = 0) : ITrialEvent
{
    public bool Equals(LeaseGranted? other) => other is not null && (Epoch, At) == (other.Epoch, other.At) && Members.AsSpan().SequenceEqual(other.Members);

    public override int GetHashCode() => HashCode.Combine(Epoch, Members.Length);
}

/// <summary>The gang lost its right to act; the trial waits for another one.</summary>
/// <param name="Worker">Where it failed; null when that is not known.</param>
/// <param name="Delay">How long the trial waits before it asks for another gang.</param>
/// <param name="IsSpared">Not counted against the budget of its class: it struck on a worker that it had struck on before.</param>
/// <param name="TakesRestart">Whether it used up one of the trial's restarts.</param>
[MessagePackObject]
public sealed record LeaseEnded(
    [property: Key(0)] long Epoch,
    [property: Key(1)] FailureClass Cause,
    [property: Key(2)] string Message,
    [property: Key(3)] WorkerId? Worker = null,
    [property: Key(4)] TimeSpan Delay = default,
    [property: Key(5)] bool IsSpared = false,
    [property: Key(6)] bool TakesRestart = false,
    [property: Key(7)] long At = 0) : ITrialEvent;

/// <summary>
/// The gang changed while the trial ran on. The lease that was in force is over, and its members' memory is not.
/// </summary>
/// <param name="Epoch">Of the lease from now on.</param>
/// <param name="Members">In the order of their shards.</param>
/// <param name="Cause">What was lost; null when nothing was.</param>
/// <param name="Step">The highest step that was heard of by then.</param>
[MessagePackObject]
public sealed record GangChanged(
    [property: Key(0)] long Epoch,
    [property: Key(1)] WorkerId[] Members,
    [property: Key(2)] FailureClass? Cause,
    [property: Key(3)] string Message,
    [property: Key(4)] int Step,
    [property: Key(5)] long At = 0) : ITrialEvent
{
    public bool Equals(GangChanged? other) =>
        other is not null && (Epoch, Cause, Message, Step, At) == (other.Epoch, other.Cause, other.Message, other.Step, other.At) && Members.AsSpan().SequenceEqual(other.Members);

    public override int GetHashCode() => HashCode.Combine(Epoch, Members.Length, Cause, Message, Step);
}

/// <summary>Metrics of one evaluation.</summary>
[MessagePackObject]
public sealed record MetricsReported([property: Key(0)] long Epoch, [property: Key(1)] MetricReport Report) : ITrialEvent;

/// <summary>A checkpoint whose blobs are safely stored.</summary>
[MessagePackObject]
public sealed record CheckpointCommitted([property: Key(0)] long Epoch, [property: Key(1)] CheckpointManifest Manifest) : ITrialEvent;

/// <summary>A checkpoint stays, whatever else is kept, until its holder releases it.</summary>
[MessagePackObject]
public sealed record CheckpointPinned([property: Key(0)] string Holder, [property: Key(1)] CheckpointManifest Manifest) : ITrialEvent;

/// <summary>The holder of a pin needs it no more.</summary>
[MessagePackObject]
public sealed record CheckpointReleased([property: Key(0)] string Holder) : ITrialEvent;

/// <summary>The trial came to its end.</summary>
[MessagePackObject]
public sealed record TrialConcluded([property: Key(0)] long Epoch, [property: Key(1)] TrialOutcome Outcome) : ITrialEvent;

/// <summary>The count of attempts without progress starts anew.</summary>
[MessagePackObject]
public sealed record StallsForgiven : ITrialEvent;

/// <summary>The trial is evaluated and stored at its milestone; it gives its workers back and waits.</summary>
/// <param name="Epoch">Of the lease that is over with it.</param>
[MessagePackObject]
public sealed record TrialPaused([property: Key(0)] long Epoch, [property: Key(1)] int Step, [property: Key(2)] long At = 0) : ITrialEvent;

/// <summary>The trial goes on from its milestone.</summary>
/// <param name="Until">The next one; null: it runs through.</param>
[MessagePackObject]
public sealed record TrialContinued([property: Key(0)] int? Until) : ITrialEvent;

/// <summary>A person lets the trial wait: it gets no workers until it is let go.</summary>
[MessagePackObject]
public sealed record TrialHeld : ITrialEvent;

/// <summary>A trial that was held may have workers again.</summary>
[MessagePackObject]
public sealed record TrialFreed : ITrialEvent;

/// <summary>The trial is to end as soon as its workers have stored what it has reached.</summary>
[MessagePackObject]
public sealed record TrialStopping([property: Key(0)] string Reason) : ITrialEvent;

/// <summary>A failed trial begins again from its checkpoint.</summary>
[MessagePackObject]
public sealed record TrialReopened([property: Key(0)] int Round) : ITrialEvent;
