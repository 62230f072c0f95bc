using Akka.Actor;
using GenCluster.Actors.Persistence;
using GenCluster.Actors.Protocol;
using GenCluster.Core.Identity;
using GenCluster.Core.Sweeps;

namespace GenCluster.Actors.Coordination;

/// <summary>
/// How the faces of a process (command, API) talk to its coordinator: the only place where an actor is asked.
/// </summary>
/// <param name="system">The actor system of the node.</param>
/// <param name="coordinator">The singleton, or its proxy, which holds messages back until there is one.</param>
public sealed class CoordinatorClient(ActorSystem system, IActorRef coordinator)
{
    /// <summary>Ends when a coordinator rules.</summary>
    public Task ReadyAsync(CancellationToken cancellation) => coordinator.Ask<Local.Ready>(Local.Ready.Instance, cancellation);

    /// <summary>Submits a sweep: null when it is in the journal, else why it was refused; and whether it was known before.</summary>
    public async Task<(string? Refusal, bool Known)> SubmitAsync(SweepSpec spec, CancellationToken cancellation)
    {
        var answer = await coordinator.Ask<Local.Submitted>(new Local.Submit(spec), cancellation);
        return (answer.Refusal, answer.Known);
    }

    /// <summary>Hands on each view of a sweep until disposed. <paramref name="show"/> must return at once.</summary>
    public IDisposable Watch(SweepId sweep, Action<SweepView> show)
    {
        var watcher = system.ActorOf(Listener<SweepView>.PropsFor(show));
        coordinator.Tell(new Local.Watch(sweep, watcher));
        return new Subscription(system, watcher);
    }

    /// <summary>Ends when no worker has a run any more.</summary>
    public Task DrainAsync(CancellationToken cancellation) => coordinator.Ask<Local.Drained>(Local.Drain.Instance, cancellation);

    /// <summary>Hears of a journal that cannot be written or read, for as long as the system lives.</summary>
    public void OnJournalFailure(Action<JournalFailed> heard) =>
        system.EventStream.Subscribe(system.ActorOf(Listener<JournalFailed>.PropsFor(heard)), typeof(JournalFailed));

    private sealed class Listener<T> : ReceiveActor
    {
        public Listener(Action<T> heard)
        {
            Receive<T>(m => heard(m));
        }

        public static Props PropsFor(Action<T> heard) => Props.Create(() => new Listener<T>(heard));
    }

    private sealed class Subscription(ActorSystem system, IActorRef watcher) : IDisposable
    {
        public void Dispose() => system.Stop(watcher);
    }
}
