using System.Collections.Immutable;
using Akka.Actor;
using GenCluster.Actors.Protocol;
using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;

namespace GenCluster.Actors.Sweeps;

/// <summary>What people see of a sweep.</summary>
internal sealed partial class SweepActor
{
    private const int KeptNotices = 100;
    private static readonly TimeSpan ViewInterval = TimeSpan.FromMilliseconds(100);

    private readonly HashSet<IActorRef> watchers = [];

    private ImmutableDictionary<int, TrialView> views = ImmutableDictionary<int, TrialView>.Empty; // of each trial that had an actor, what that showed last
    private ImmutableQueue<string> notices = [];
    private IReadOnlyList<WorkerView> workers = [];
    private LabelledPicture? picture;

    private void CommandViews()
    {
        Command<Local.Watch>(m =>
        {
            if (!watchers.Add(m.Watcher))
                return; // it says so again and again
            Context.Watch(m.Watcher);
            PublishNow();
        });
        Command<Local.TrialChanged>(m => Show(() =>
        {
            var before = views.GetValueOrDefault(m.View.Number);
            views = views.SetItem(m.View.Number, m.View);
            Measure(m.View, before);
        }));
        Command<Local.TrialPictured>(m => Show(() => picture = m.Picture));
        Command<Local.WorkersChanged>(m => Show(() => workers = m.Workers));
        Command<Local.Notice>(m => Show(() => AddNotice(m.Message)));
        Command<Publish>(_ => PublishNow());
    }

    /// <summary>Of a trial that is over, keeps what the sweep's own record does not say.</summary>
    private void Shrink(int number)
    {
        if (views.TryGetValue(number, out var view))
            views = views.SetItem(number, view with { Assignment = Assignment.Empty, Losses = [], Measured = [], Gang = [], Members = [], WeightsSha256 = "", Message = "", Waiting = null });
    }

    private void AddNotice(string message)
    {
        notices = notices.Enqueue(message);
        if (notices.Count() > KeptNotices)
            notices = notices.Dequeue();
    }

    private void Show(Action change)
    {
        change();
        PublishSoon();
    }

    /// <summary>Many changes in a row are shown once.</summary>
    private void PublishSoon()
    {
        if (watchers.Count > 0 && !Timers.IsTimerActive(Publish.Instance))
            Timers.StartSingleTimer(Publish.Instance, Publish.Instance, ViewInterval);
    }

    private void PublishNow()
    {
        if (!State.Exists || watchers.Count == 0)
            return;
        var view = new SweepView(
            State.Spec!, State.Phase, State.HaltReason, new TrialViews(State, views), workers, picture, [.. notices])
        {
            EndReason = State.EndReason,
            Version = State.Version,
        };
        foreach (var watcher in watchers)
            watcher.Tell(view);
    }

    private sealed record Publish : ILocal
    {
        public static readonly Publish Instance = new();
    }
}
