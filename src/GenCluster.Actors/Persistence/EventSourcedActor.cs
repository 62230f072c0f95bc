using System.Diagnostics;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Persistence;
using GenCluster.Actors.Metering;
using GenCluster.Actors.Tracing;
using GenCluster.Core.Decisions;

namespace GenCluster.Actors.Persistence;

/// <summary>
/// An actor whose state is the fold of its journal. A subclass names two pure functions and says what follows from a
/// decision; the order is always: decide, persist, apply, then effects and replies. Nothing is acknowledged before it
/// is written.
/// </summary>
public abstract class EventSourcedActor<TState, TCommand, TEvent> : ReceivePersistentActor, IWithTimers
    where TEvent : class
{
    private readonly JournalMeters journal = CoordinatorMeters.Of(Context.System).Journal;
    private readonly long began = Stopwatch.GetTimestamp();

    protected EventSourcedActor(string persistenceId, TState initial)
    {
        PersistenceId = persistenceId;
        State = initial;
        Recover<TEvent>(e => State = Apply(State, e));
        Recover<RecoveryCompleted>(_ =>
        {
            journal.Recovered(PersistenceId, began);
            Recovered();
        });
    }

    public override string PersistenceId { get; }

    public ITimerScheduler Timers { get; set; } = null!;

    protected TState State { get; private set; }

    protected abstract Decision<TEvent> Decide(TState state, TCommand command);

    protected abstract TState Apply(TState state, TEvent @event);

    /// <summary>The journal is read; work that was open starts again here.</summary>
    protected abstract void Recovered();

    /// <summary>
    /// Decides and persists; then calls <paramref name="then"/>, once, with the decision. The sender is still the one
    /// of the command.
    /// </summary>
    protected void Execute(TCommand command, Action<Decision<TEvent>>? then = null)
    {
        var decision = Decide(State, command);
        if (decision.Events.IsDefaultOrEmpty)
        {
            then?.Invoke(decision);
            return;
        }

        int unapplied = decision.Events.Length;
        long decidedAt = Stopwatch.GetTimestamp();
        CoordinatorTrace.Log.Persisting(PersistenceId, decision.Events);
        PersistAll(decision.Events, e =>
        {
            CoordinatorTrace.Log.Persisted(PersistenceId, e);
            journal.Persisted(e, decidedAt);
            State = Apply(State, e);
            if (--unapplied > 0)
                return;
            then?.Invoke(decision);
            CoordinatorTrace.Log.Acknowledged(PersistenceId, e);
        });
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        journal.CannotWrite();
        Announce("written", cause);
        base.OnPersistFailure(cause, @event, sequenceNr);
    }

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        journal.CannotWrite();
        Announce("written", cause);
        base.OnPersistRejected(cause, @event, sequenceNr);
        Context.Stop(Self); // its state would be ahead of its journal
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        journal.CannotRead(reason);
        Announce("read", reason);
        base.OnRecoveryFailure(reason, message);
    }

    // The innermost cause says it best, unless it is about bytes: then the one that names the event does.
    private void Announce(string what, Exception cause)
    {
        var damage = Causes(cause).OfType<SerializationException>().FirstOrDefault();
        Context.System.EventStream.Publish(new JournalFailed(PersistenceId, what, (damage ?? cause.GetBaseException()).Message, damage is not null));
    }

    private static IEnumerable<Exception> Causes(Exception cause)
    {
        for (Exception? e = cause; e is not null; e = e.InnerException)
            yield return e;
    }
}

/// <summary>A journal could not be written or read. Published on the event stream for the host to act on.</summary>
/// <param name="What"><c>written</c> or <c>read</c>.</param>
/// <param name="IsDamage">An event cannot be understood, or not be put in bytes: trying again gives the same.</param>
public sealed record JournalFailed(string PersistenceId, string What, string Reason, bool IsDamage);
