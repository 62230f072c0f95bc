using Akka.Actor;
using Akka.Cluster;
using GenCluster.Actors.Persistence;
using GenCluster.Actors.Protocol;
using GenCluster.Actors.Serialization;
using GenCluster.Core.Identity;
using GenCluster.Core.Sweeps;
using MessagePack;

namespace GenCluster.Actors.Coordination;

/// <summary>
/// How the faces of a process (command, API) talk to the coordinator, wherever in the cluster it is: the only place where
/// an actor is asked.
/// </summary>
/// <remarks>
/// A message to a coordinator that dies or moves is lost, and so is its answer. So whatever is asked is asked again until
/// there is an answer, and who watches says so again and again: everything in <see cref="FromFace"/> may be repeated.
/// </remarks>
public sealed class CoordinatorClient
{
    private readonly ActorSystem system;
    private readonly IActorRef coordinator;
    private readonly TimeSpan askAgain;

    /// <param name="system">The actor system of the node.</param>
    /// <param name="coordinator">The singleton's proxy, which holds messages back until there is a singleton.</param>
    public CoordinatorClient(ActorSystem system, IActorRef coordinator)
        : this(system, coordinator, TimeSpan.FromSeconds(2))
    {
    }

    internal CoordinatorClient(ActorSystem system, IActorRef coordinator, TimeSpan askAgain)
    {
        this.system = system;
        this.coordinator = coordinator;
        this.askAgain = askAgain;
    }

    /// <summary>Whether the coordinator lives on this node: on the oldest of its role (as the singleton's manager has it).</summary>
    public bool IsHere
    {
        get
        {
            var cluster = Cluster.Get(system);
            var able = cluster.State.Members.Where(m => m.HasRole(CoordinatorHosting.Role) && m.Status is MemberStatus.Up or MemberStatus.Leaving);
            return able.Aggregate((Member?)null, (oldest, m) => oldest is null || m.IsOlderThan(oldest) ? m : oldest)?.UniqueAddress == cluster.SelfUniqueAddress;
        }
    }

    /// <summary>Ends when a coordinator rules, with its epoch.</summary>
    /// <param name="patience">How long to wait; <see cref="Timeout.InfiniteTimeSpan"/> waits until cancelled.</param>
    /// <exception cref="CoordinatorAwayException">None answered in time.</exception>
    public async Task<long> ReadyAsync(TimeSpan patience, CancellationToken cancellation) =>
        (await AskAsync<ToFace.Ruling>(FromFace.Hail.Instance, patience, cancellation)).Epoch;

    /// <summary>Submits a sweep: null when it is in the journal, else why it was refused; and whether it was known before.</summary>
    /// <param name="by">Who submits it, for the record; empty: the command that hosts the coordinator.</param>
    /// <param name="patience">How long to wait; <see cref="Timeout.InfiniteTimeSpan"/> waits until cancelled.</param>
    /// <exception cref="CoordinatorAwayException">None answered in time. The sweep may have been taken: submit it again to know.</exception>
    public async Task<(string? Refusal, bool Known)> SubmitAsync(SweepSpec spec, string by, TimeSpan patience, CancellationToken cancellation)
    {
        var submit = new FromFace.Submit(spec, by);
        if (FaultOf(submit) is { } fault)
            return (fault, false);
        var answer = await AskAsync<ToFace.Submitted>(submit, patience, cancellation);
        return (answer.Refusal, answer.Known);
    }

    /// <summary>Does something to a sweep, or to one of its trials: null when it is in the journal, else why it was refused.</summary>
    /// <param name="trial">Null: the sweep.</param>
    /// <param name="by">Who asks, for the record.</param>
    /// <param name="patience">How long to wait; <see cref="Timeout.InfiniteTimeSpan"/> waits until cancelled.</param>
    /// <exception cref="CoordinatorAwayException">None answered in time. It may have been done: ask again to know.</exception>
    public async Task<string?> ControlAsync(SweepId sweep, int? trial, Verb verb, string by, TimeSpan patience, CancellationToken cancellation) =>
        (await AskAsync<ToFace.Controlled>(new FromFace.Control(sweep, trial, verb, by), patience, cancellation)).Refusal;

    /// <summary>Changes a sweep's specification: null when it is in the journal, else why it was refused; and the version in force.</summary>
    /// <param name="version">Of the specification that was changed into <paramref name="spec"/>.</param>
    /// <param name="by">Who asks, for the record.</param>
    /// <param name="patience">How long to wait; <see cref="Timeout.InfiniteTimeSpan"/> waits until cancelled.</param>
    /// <exception cref="CoordinatorAwayException">None answered in time. It may have been done: ask again to know.</exception>
    public async Task<(string? Refusal, int Version)> EditAsync(
        SweepId sweep, int version, SweepSpec spec, string by, TimeSpan patience, CancellationToken cancellation)
    {
        var edit = new FromFace.Edit(sweep, version, spec, by);
        if (FaultOf(edit) is { } fault)
            return (fault, version);
        var answer = await AskAsync<ToFace.Edited>(edit, patience, cancellation);
        return (answer.Refusal, answer.Version);
    }

    /// <summary>What the coordinator knows of a trial's wish for workers.</summary>
    /// <param name="patience">How long to wait; <see cref="Timeout.InfiniteTimeSpan"/> waits until cancelled.</param>
    /// <exception cref="CoordinatorAwayException">None answered in time.</exception>
    public Task<ToFace.Explained> ExplainAsync(TrialId trial, TimeSpan patience, CancellationToken cancellation) =>
        AskAsync<ToFace.Explained>(new FromFace.Explain(trial.Sweep, trial.Number), patience, cancellation);

    /// <summary>Hands on each view of a sweep until disposed. <paramref name="show"/> must return at once.</summary>
    /// <remarks>On the coordinator's own node only: views are too large, and too many, for the wire.</remarks>
    public IDisposable Watch(SweepId sweep, Action<SweepView> show)
    {
        var watcher = system.ActorOf(Listener<SweepView>.PropsFor(show));
        var asking = system.Scheduler.ScheduleTellRepeatedlyCancelable(TimeSpan.Zero, askAgain, coordinator, new Local.Watch(sweep, watcher), ActorRefs.NoSender);
        return new Subscription(system, watcher, asking);
    }

    /// <summary>Ends when no worker has a run any more.</summary>
    public Task DrainAsync(CancellationToken cancellation) =>
        AskAsync<ToFace.Drained>(FromFace.DrainAll.Instance, Timeout.InfiniteTimeSpan, cancellation);

    /// <summary>Hears of a journal that cannot be written or read, for as long as the system lives.</summary>
    public void OnJournalFailure(Action<JournalFailed> heard) =>
        system.EventStream.Subscribe(system.ActorOf(Listener<JournalFailed>.PropsFor(heard)), typeof(JournalFailed));

    /// <summary>Hears that another coordinator took office while this one was in it.</summary>
    public void OnSuperseded(Action<OfficeLost> heard) =>
        system.EventStream.Subscribe(system.ActorOf(Listener<OfficeLost>.PropsFor(heard)), typeof(OfficeLost));

    private async Task<T> AskAsync<T>(IWire question, TimeSpan patience, CancellationToken cancellation)
    {
        bool forever = patience == Timeout.InfiniteTimeSpan;
        var deadline = system.Scheduler.MonotonicClock + patience;
        while (true)
        {
            var left = forever ? askAgain : deadline - system.Scheduler.MonotonicClock;
            if (left <= TimeSpan.Zero)
                throw new CoordinatorAwayException(patience);
            try
            {
                return await coordinator.Ask<T>(question, left < askAgain ? left : askAgain, cancellation);
            }
            catch (AskTimeoutException) when (!cancellation.IsCancellationRequested)
            {
            }
        }
    }

    /// <summary>Refused on every node alike, also where no wire lies between.</summary>
    private static string? FaultOf<T>(T message)
        where T : IWire
    {
        int length = MessagePackSerializer.Serialize(message, MessagePackWireSerializer.Options).Length;
        return length <= MessagePackWireSerializer.MaxMessageBytes
            ? null
            : $"the sweep takes {length} bytes and {MessagePackWireSerializer.MaxMessageBytes} are allowed; give fewer parameters, or shorter lists of values";
    }

    private sealed class Listener<T> : ReceiveActor
    {
        public Listener(Action<T> heard)
        {
            Receive<T>(m => heard(m));
        }

        public static Props PropsFor(Action<T> heard) => Props.Create(() => new Listener<T>(heard));
    }

    private sealed class Subscription(ActorSystem system, IActorRef watcher, ICancelable asking) : IDisposable
    {
        public void Dispose()
        {
            asking.Cancel();
            system.Stop(watcher);
        }
    }
}

/// <summary>No coordinator answered in time.</summary>
public sealed class CoordinatorAwayException(TimeSpan waited)
    : Exception($"the coordinator does not answer (waited {waited.TotalSeconds:0.#} s); it may be starting, moving to another node, or without its journal: try again");
