using System.Collections.Immutable;
using Akka.Actor;
using GenCluster.Actors.Protocol;
using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;

namespace GenCluster.Actors.Sweeps;

/// <summary>What people see of a sweep.</summary>
internal sealed partial class SweepActor
{
    private const int KeptNotices = 100;
    private static readonly TimeSpan ViewInterval = TimeSpan.FromMilliseconds(100);

    private readonly HashSet<IActorRef> watchers = [];
    private readonly SortedDictionary<int, TrialView> views = [];

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
            views[m.View.Number] = m.View;
            Measure(m.View, before);
        }));
        Command<Local.TrialPictured>(m => Show(() => picture = m.Picture));
        Command<Local.WorkersChanged>(m => Show(() => workers = m.Workers));
        Command<Local.Notice>(m => Show(() => AddNotice(m.Message)));
        Command<Publish>(_ => PublishNow());
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
            State.Spec!, State.Phase, State.HaltReason, [.. State.Trials.Values.Select(ViewOf)], workers, picture, [.. notices])
        {
            EndReason = State.EndReason,
            Version = State.Version,
        };
        foreach (var watcher in watchers)
            watcher.Tell(view);
    }

    /// <summary>What its actor showed last, with the searched values alone; the sweep's own record where there is none.</summary>
    private TrialView ViewOf(TrialRecord trial)
    {
        var outcome = trial.Outcome;
        var shown = (views.GetValueOrDefault(trial.Number)
            ?? new TrialView(trial.Number, TrialPhase.Pending, Assignment.Empty, 0, State.Spec!.Training.Steps, 0, null, null, [], [], 0, "", "")) with
        {
            Assignment = trial.Assignment,
            Parent = trial.Origin is null ? null : trial.Parent,
        };
        return outcome is null
            ? shown
            : shown with
            {
                Phase = outcome.Phase,
                Step = outcome.Steps,
                StepsPerSecond = 0,
                Objective = outcome.Objective,
                Untrained = outcome.Untrained,
                Measured = outcome.Metrics ?? [],
                Gang = [],
                WeightsSha256 = outcome.WeightsSha256,
                Message = outcome.Message,
            };
    }

    private sealed record Publish : ILocal
    {
        public static readonly Publish Instance = new();
    }
}
