using Akka.Actor;
using Akka.Event;
using GenCluster.Actors.Persistence;
using GenCluster.Actors.Protocol;

namespace GenCluster.Actors.Coordination;

/// <summary>
/// The singleton itself: keeps a coordinator in office. When its journal fails, it is stopped with all its sweeps and
/// trials and begun again from the journal, later and later, until that works: a fold of the journal is always right,
/// what was in memory may not be.
/// </summary>
/// <remarks>
/// A doubt is settled the same way. Whether somebody else rules is for the journal to say: who finds a later epoch there,
/// and not its own, has been superseded and gives up. A doubt that the journal has refuted is not raised again.
/// </remarks>
internal sealed class OfficeActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(2);

    /// <summary>Doubts come from other processes: they are heard no more often than that.</summary>
    private static readonly TimeSpan DoubtInterval = TimeSpan.FromSeconds(5);

    private readonly CoordinatorSettings settings;
    private readonly ILoggingAdapter log = Context.GetLogger();

    private IActorRef coordinator = ActorRefs.Nobody;
    private TimeSpan delay = FirstDelay;
    private TimeSpan since;
    private long? ruled;
    private long doubted; // an epoch that somebody has heard of
    private long refuted; // the journal knows of none up to here but ours

    public OfficeActor(CoordinatorSettings settings)
    {
        this.settings = settings;
        Receive<JournalFailed>(m => Fail($"the journal of {m.PersistenceId} cannot be {m.What}: {m.Reason}"), m => Concerns(m));
        Receive<JournalFailed>(_ => { });
        Receive<CoordinatorActor.InDoubt>(Doubt, m => Sender.Equals(coordinator) && m.Epoch > refuted && Now - since > DoubtInterval);
        Receive<CoordinatorActor.InDoubt>(_ => { });
        Receive<CoordinatorActor.InOffice>(Rule);
        Receive<CoordinatorActor.Superseded>(GiveUp);
        Receive<Terminated>(_ => BeginLater());
        Receive<BeginNow>(_ => Begin());
        ReceiveAny(m => coordinator.Forward(m)); // to nobody, while there is none: who needs an answer asks again
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    public static Props PropsFor(CoordinatorSettings settings) => Props.Create(() => new OfficeActor(settings));

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(JournalFailed));
        Begin();
    }

    // A sweep or trial whose events cannot be understood stands still; beginning again would not help it, and would hinder the others.
    private static bool Concerns(JournalFailed failure) => !failure.IsDamage || failure.PersistenceId == CoordinatorActor.Id;

    private void Begin()
    {
        coordinator = Context.ActorOf(CoordinatorActor.PropsFor(settings, ruled, refuted), "ruling");
        Context.Watch(coordinator);
    }

    private void Fail(string reason)
    {
        if (coordinator.IsNobody())
            return; // it is on its way out already
        log.Warning("the coordinator begins again from its journal: {0}", reason);
        Context.Stop(coordinator);
        coordinator = ActorRefs.Nobody;
    }

    private void BeginLater()
    {
        coordinator = ActorRefs.Nobody;
        Timers.StartSingleTimer(BeginNow.Instance, BeginNow.Instance, delay);
        delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
    }

    private void Doubt(CoordinatorActor.InDoubt doubt)
    {
        doubted = Math.Max(doubted, doubt.Epoch);
        Fail($"a worker has heard of epoch {doubt.Epoch}, and the last one here was {ruled}");
    }

    private void Rule(CoordinatorActor.InOffice office)
    {
        ruled = office.Epoch;
        refuted = doubted;
        since = Now;
        delay = FirstDelay;
    }

    private void GiveUp(CoordinatorActor.Superseded by)
    {
        string reason = $"superseded: epoch {by.Epoch} belongs to {by.Holder}, the last one here was {ruled}";
        log.Error("{0}", reason);
        Context.System.EventStream.Publish(new OfficeLost(reason));
        Context.Stop(Self);
    }

    private sealed record BeginNow : ILocal
    {
        public static readonly BeginNow Instance = new();
    }
}

/// <summary>Another coordinator took office, by the journal's own word. Published on the event stream for the host to act on: this process is to end.</summary>
public sealed record OfficeLost(string Reason);
