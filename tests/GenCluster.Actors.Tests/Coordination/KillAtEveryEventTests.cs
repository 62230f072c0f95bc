using System.Collections.Concurrent;
using Akka.Actor;
using GenCluster.Actors.Protocol;
using GenCluster.Actors.Tests.Support;
using GenCluster.Core.Identity;
using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Search.Sweeps;

namespace GenCluster.Actors.Tests.Coordination;

/// <summary>
/// A sweep whose coordinator dies when an event is written and before anybody hears of it. Reports come one at a time, the
/// next one when all that follows from the last is done: so their order is a fact of the sweep, and not of the clock.
/// </summary>
public sealed class KillAtEveryEventTests : CoordinationKit
{
    private const string Coordinators = "coordinator";
    private const int Interval = 200;
    private static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(10);

    /// <summary>Enough for TPE to learn from: it draws the first ten at random.</summary>
    private const int Trials = 50;

    private readonly Lock gate = new();
    private readonly SemaphoreSlim news = new(0);
    private readonly Dictionary<int, TrialState> trials = [];
    private readonly ConcurrentDictionary<WorkerId, Lease?> holds = [];
    private readonly SweepSearch search = new(Algorithms.Known);
    private readonly List<IActorRef> workers = [];
    private SweepState sweep = SweepState.New(Samples.Sweep);
    private readonly List<TaskCompletionSource> held = []; // writers, while their coordinator is killed: a sweep and a trial may write at the same time
    private Func<string, object, int, bool> strikes = (_, _, _) => false;
    private int written;
    private int deaths;
    private int generation; // of the sweep and its workers

    public KillAtEveryEventTests()
        : base(WatchedJournal.Settings)
    {
        WatchedJournal.Watch(Written);
    }

    protected override void AfterAll()
    {
        WatchedJournal.Watch(null);
        base.AfterAll();
        news.Dispose();
    }

    [Fact]
    public async Task The_table_is_that_of_a_sweep_that_nothing_disturbed()
    {
        string undisturbed = await TableAsync("tpe", "asha");
        deaths.ShouldBe(0);
        Begin();
        HashSet<string> struck = []; // a lease is granted again when nobody heard of it, and would be struck again and again
        strikes = (id, @event, _) => struck.Add(@event is LeaseGranted or LeaseEnded ? $"{id} {@event.GetType().Name}" : $"{id} {@event}");

        string disturbed = await TableAsync("tpe", "asha");

        disturbed.ShouldBe(undisturbed);
        deaths.ShouldBeGreaterThan(6 * Trials, "a trial has more events than that");
        new SweepReplay(Algorithms.Known).Verify(Samples.Sweep, [.. Events]).Difference.ShouldBeNull();
    }

    private List<ISweepEvent> Events { get; } = [];

    /// <summary>The worse trials are seen to be so from the first evaluation on, but for some noise.</summary>
    private static double Objective(TrialRecord trial, int step)
    {
        double x = trial.Assignment.Find("optimizer.beta1")!.Value.Number;
        return (100 * (x - 0.3) * (x - 0.3)) + (20.0 * 600 / (step + 100)) + ((trial.Number * 37) + step) % 11;
    }

    private void Begin()
    {
        KillCoordinator();
        foreach (var worker in workers)
            Kill(worker);
        workers.Clear();
        holds.Clear();
        trials.Clear();
        Events.Clear();
        (sweep, written) = (SweepState.New(Samples.Sweep), 0);
        generation++;
    }

    private SweepSpec Spec(string algorithm, string scheduler) => Samples.Spec(maxTrials: Trials, parallelTrials: 3) with
    {
        Name = $"sweep{generation}",
        Training = Samples.Spec().Training with { Steps = 600, EvaluateEvery = Interval, CheckpointEvery = 600 },
        Search = new SearchSpec(algorithm, Trials, 3),
        EarlyStopping = new EarlyStoppingSpec(scheduler, new Assignment([new("gracePeriod", ParameterValue.Of(Interval))])),
    };

    private async Task<string> TableAsync(string algorithm, string scheduler)
    {
        var spec = Spec(algorithm, scheduler);
        sweep = SweepState.New(new SweepId(spec.Name));
        for (int i = 0; i < 3; i++)
            workers.Add(Sys.ActorOf(Props.Create(() => new PumpedWorker($"w{i}", Guid.NewGuid(), Shows)), $"pumped-{generation}-{i}"));
        Rule();
        while (true)
        {
            Coordinator.Tell(new FromFace.Submit(spec), ActorRefs.NoSender);
            if (!await SettlesAsync())
                continue;
            if (sweep.HasEnded)
                return Table();
            var next = sweep.Live.Where(t => t.IsAtWork).OrderBy(t => t.Reported?.Step ?? 0).ThenBy(t => t.Number).First();
            var worker = holds.Single(h => h.Value?.Trial.Number == next.Number).Key;
            int before = sweep.Reports.Count;
            workers[int.Parse(worker.Value[1..], System.Globalization.CultureInfo.InvariantCulture)].Tell(new PumpedWorker.Train(step => Objective(next, step)));
            await UntilAsync(() => sweep.Reports.Count > before);
        }
    }

    private string Table() => string.Join('\n', sweep.Trials.Values.Select(t => FormattableString.Invariant(
        $"{t.Number} {string.Join(' ', t.Assignment.Settings)} {t.Outcome!.Phase} {t.Outcome.Objective} {t.Outcome.Steps} {t.Outcome.Message}")));

    /// <summary>Waits until all is done that follows from what was said.</summary>
    private async Task<bool> SettlesAsync()
    {
        await UntilAsync(() => sweep.Exists && (sweep.HasEnded ? sweep.LiveNumbers.IsEmpty : search.Next(sweep) is null && sweep.Live.All(IsSettled)));
        return true;
    }

    private bool IsSettled(TrialRecord trial) =>
        trial.IsAtWork && trial.Reported?.Step != sweep.Spec!.Training.Steps && trials.TryGetValue(trial.Number, out var state) && state.Phase is TrialPhase.Running
        && holds.Any(h => h.Value == state.Lease) && state.Reports.Count == (trial.Reported?.Step ?? 0) / Interval;

    private async Task UntilAsync(Func<bool> holdsNow)
    {
        while (true)
        {
            bool isOver, isStruck;
            lock (gate)
                (isOver, isStruck) = (held.Count == 0 && holdsNow(), held.Count > 0);
            if (isOver)
                return;
            if (isStruck)
            {
                KillCoordinator();
                Release();
                deaths++;
                Rule();
                continue;
            }

            (await news.WaitAsync(Patience, TestContext.Current.CancellationToken)).ShouldBeTrue($"stands still after {written} events, {deaths} deaths: {Describe()}");
        }
    }

    /// <summary>Those whose coordinator is dead.</summary>
    private void Release()
    {
        lock (gate)
        {
            held.ForEach(writer => writer.SetResult());
            held.Clear();
        }
    }

    private string Describe()
    {
        lock (gate)
        {
            return $"{sweep.Phase}, {string.Join("; ", sweep.Live.Select(t => $"{t.Number} reported {t.Reported?.Step} ruled {t.Ruling?.Reason} is {trials.GetValueOrDefault(t.Number)?.Phase} {trials.GetValueOrDefault(t.Number)?.LastMessage}"))}; "
                + $"{string.Join("; ", holds)}";
        }
    }

    private void Rule()
    {
        StartCoordinator(leaseTime: LeaseTime);
        foreach (var worker in workers)
            worker.Tell(new PumpedWorker.Attach(Coordinator));
    }

    private void Shows(WorkerId worker, Lease? lease)
    {
        holds[worker] = lease;
        news.Release();
    }

    private Task Written(string id, IReadOnlyList<object> events)
    {
        lock (gate)
        {
            foreach (object @event in events)
                Apply(id, @event);
            written += events.Count;
            bool dies = id != Coordinators && strikes(id, events[^1], written);
            if (dies)
                held.Add(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            news.Release();
            return dies ? held[^1].Task : Task.CompletedTask;
        }
    }

    private void Apply(string id, object @event)
    {
        if (@event is ISweepEvent happened)
        {
            Events.Add(happened);
            sweep = SweepDecider.Apply(sweep, happened);
        }
        else if (@event is ITrialEvent trialEvent)
        {
            int number = int.Parse(id[(id.LastIndexOf('-') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
            var state = trials.GetValueOrDefault(number) ?? TrialState.New(new TrialId(sweep.Sweep, number));
            trials[number] = TrialDecider.Apply(state, trialEvent);
        }
    }
}
