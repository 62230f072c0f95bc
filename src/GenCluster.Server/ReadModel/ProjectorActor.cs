using Akka.Actor;
using Akka.Event;
using GenCluster.Actors.Protocol;

namespace GenCluster.Server.ReadModel;

/// <summary>
/// Keeps the read model behind the journal by less than a second, on one node of the cluster. What fails is tried again,
/// more and more seldom: the journal waits.
/// </summary>
public sealed class ProjectorActor : ReceiveActor, IWithTimers
{
    private const int Batch = 200;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    private readonly ILoggingAdapter log = Context.GetLogger();
    private readonly ReadModelFeed feed;
    private TimeSpan pause = Pause;
    private bool failing;

    public ProjectorActor(ReadModelFeed feed)
    {
        this.feed = feed;
        Receive<Advance>(_ => Start());
        Receive<Advanced>(m => After(m.Count));
        Receive<Failed>(m => After(m.Cause));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props PropsFor(ReadModelFeed feed) => Props.Create(() => new ProjectorActor(feed));

    protected override void PreStart() => Self.Tell(Advance.Instance);

    // The driver may block for as long as the database does: not on an actor's thread.
    private void Start() => Task.Run(() => feed.Advance(Batch)).PipeTo(Self, success: count => new Advanced(count), failure: e => new Failed(e));

    private void After(int count)
    {
        if (failing)
            log.Info("the read model follows the journal again");
        failing = false;
        pause = Pause;
        if (count == Batch)
            Self.Tell(Advance.Instance);
        else
            AdvanceIn(pause);
    }

    private void After(Exception cause)
    {
        var reason = cause.GetBaseException();
        if (reason is not FeedMovedException)
        {
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            if (!failing)
                log.Error(cause, "the read model does not follow the journal: {0}", reason.Message);
            failing = true;
        }

        AdvanceIn(pause);
    }

    private void AdvanceIn(TimeSpan delay) => Timers.StartSingleTimer(Advance.Instance, Advance.Instance, delay);

    private sealed record Advance : ILocal
    {
        public static readonly Advance Instance = new();
    }

    private sealed record Advanced(int Count) : ILocal;

    private sealed record Failed(Exception Cause) : ILocal;
}
