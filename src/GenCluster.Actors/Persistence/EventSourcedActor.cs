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
        State = Decided = initial;
        Recover<TEvent>(e => State = Decided = Apply(State, e));
        Recover<RecoveryCompleted>(_ =>
        {
            journal.Recovered(PersistenceId, began);
            Recovered();
        });
    }

    public override string PersistenceId { get; }

    /// <summary>Events alone: there are no snapshots, and nobody looks for one.</summary>
    public override Recovery Recovery { get; } = new(SnapshotSelectionCriteria.None);

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>What is in the journal: what others may know.</summary>
    protected TState State { get; private set; }

    /// <summary>The same with what is on its way there: what the next decision goes by.</summary>
    protected TState Decided { get; private set; }

    protected abstract Decision<TEvent> Decide(TState state, TCommand command);

    protected abstract TState Apply(TState state, TEvent @event);

    /// <summary>The journal is read; work that was open starts again here.</summary>
    protected abstract void Recovered();

    /// <summary>
    /// Decides and persists; then calls <paramref name="then"/>, once, with the decision. The sender is still the one
    /// of the command. No other message is handled before that.
    /// </summary>
    protected void Execute(TCommand command, Action<Decision<TEvent>>? then = null)
    {
        var decision = Decide(Decided, command);
        if (decision.Events.IsDefaultOrEmpty)
            then?.Invoke(decision);
        else
            PersistAll(decision.Events, Written(decision, then));
    }

    /// <summary>
    /// The same, and goes on with the next message while the journal writes: what was decided meanwhile goes into the write
    /// after that, however many decisions it were. What follows from a decision follows in the order of decisions, and not
    /// before that one, and all before it, are written.
    /// </summary>
    /// <returns>Whether there are events.</returns>
    protected bool ExecuteAhead(TCommand command, Action<Decision<TEvent>>? then = null)
    {
        var decision = Decide(Decided, command);
        if (!decision.Events.IsDefaultOrEmpty)
            PersistAllAsync(decision.Events, Written(decision, then));
        else if (then is not null)
            DeferAsync(decision, then); // it may rest on what is not written yet
        return !decision.Events.IsDefaultOrEmpty;
    }

    /// <summary>Takes the decision, and gives what is to be done with each of its events when that is written.</summary>
    private Action<TEvent> Written(Decision<TEvent> decision, Action<Decision<TEvent>>? then)
    {
        var states = new TState[decision.Events.Length];
        for (int i = 0; i < states.Length; i++)
            states[i] = Decided = Apply(Decided, decision.Events[i]);
        CoordinatorTrace.Log.Persisting(PersistenceId, decision.Events);
        long decidedAt = Stopwatch.GetTimestamp();
        int written = 0;
        return e =>
        {
            CoordinatorTrace.Log.Persisted(PersistenceId, e);
            journal.Persisted(e, decidedAt);
            State = states[written++];
            if (written < states.Length)
                return;
            then?.Invoke(decision);
            CoordinatorTrace.Log.Acknowledged(PersistenceId, e);
        };
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
