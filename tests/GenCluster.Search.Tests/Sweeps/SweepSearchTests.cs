using FsCheck.Xunit;
using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Search.Sweeps;

namespace GenCluster.Search.Tests.Sweeps;

/// <summary>Sweeps under schedulers of each kind, in many orders of what their trials say.</summary>
public sealed class SweepSearchTests
{
    private static readonly string?[] Schedulers = [null, "stop", "halve", "replace"];

    [Property(MaxTest = 60)]
    public void Nobody_is_stranded_whatever_the_order(int seed)
    {
        foreach (string? scheduler in Schedulers)
        {
            var sweep = new SweepModel(SweepModel.SpecOf(scheduler), seed, repeats: true, meddles: true).Run();

            sweep.State.HasEnded.ShouldBeTrue($"{scheduler}, seed {seed}");
            sweep.State.LiveNumbers.ShouldBeEmpty();
            sweep.State.Proposed.ShouldBe(12);
            sweep.State.Phase.ShouldBe(SweepPhase.Succeeded);
        }
    }

    [Property(MaxTest = 60)]
    public void No_report_is_ruled_on_twice_and_nobody_moves_who_does_not_wait(int seed)
    {
        foreach (string? scheduler in Schedulers)
        {
            var journal = new SweepModel(SweepModel.SpecOf(scheduler), seed, repeats: true, meddles: true).Run().Journal;

            journal.OfType<TrialReported>().Select(e => (e.Number, e.Report.Step)).ShouldBeUnique();
            journal.OfType<TrialJudged>().Select(e => e.Number).ShouldBeUnique();
            journal.OfType<TrialEnded>().Select(e => e.Number).ShouldBeUnique();
            HashSet<int> waiting = [];
            foreach (var @event in journal)
            {
                if (@event is TrialArrived arrived)
                    waiting.Add(arrived.Number).ShouldBeTrue();
                if (@event is TrialMoved { Move: var move })
                    waiting.Remove(move switch { Move.Resume m => m.Trial, Move.Prune m => m.Trial, Move.Replace m => m.Trial, _ => 0 }).ShouldBeTrue($"{move}");
            }
        }
    }

    [Fact]
    public void A_scheduler_counts_on_no_more_trials_than_will_come()
    {
        SweepState[] states = [Begun(), Begun(new SearchExhausted()), Begun(new SweepControlled(Verb.Stop, null, "ada", SweepPhase.Stopping))];

        states.Select(s => SweepSearch.HistoryOf(s).MaxTrials).ShouldBe([12, 2, 2]);
        states.Select(s => SweepSearch.HistoryOf(s).PlannedTrials).ShouldBe([12, 12, 12], "rungs stay where they are");
        SweepSearch.HistoryOf(Begun(new SearchExhausted(), new SweepEdited(2, SweepModel.SpecOf("stop", maxTrials: 20), "ada"))).MaxTrials.ShouldBe(20);

        static SweepState Begun(params ISweepEvent[] events) => ((ISweepEvent[])
        [
            new SweepSubmitted(new("model"), SweepModel.SpecOf("stop")), new TrialProposed(1, Assignment.Empty), new TrialProposed(2, Assignment.Empty), .. events,
        ]).Aggregate(SweepState.New(new("model")), SweepDecider.Apply);
    }

    [Property(MaxTest = 60)]
    public void What_is_said_twice_changes_nothing(int seed)
    {
        foreach (string? scheduler in Schedulers)
        {
            var once = new SweepModel(SweepModel.SpecOf(scheduler), seed).Run();
            var often = new SweepModel(SweepModel.SpecOf(scheduler), seed, repeats: true).Run();

            often.Journal.ShouldBe(once.Journal);
        }
    }

    [Property(MaxTest = 60)]
    public void A_replay_derives_all_of_it_again(int seed)
    {
        foreach (string? scheduler in Schedulers)
        {
            var sweep = new SweepModel(SweepModel.SpecOf(scheduler), seed, repeats: true, meddles: true).Run();

            var result = new SweepReplay(ModelSchedulers.Algorithms).Verify(sweep.State.Sweep, sweep.Journal);

            result.Difference.ShouldBeNull();
            result.Events.ShouldBe(sweep.Journal.Count);
            result.Derived.ShouldBeGreaterThanOrEqualTo(12);
        }
    }

    [Fact]
    public void A_replay_names_the_first_event_that_comes_out_otherwise()
    {
        var sweep = new SweepModel(SweepModel.SpecOf("stop"), seed: 3).Run();
        var replay = new SweepReplay(ModelSchedulers.Algorithms);

        int proposal = sweep.Journal.FindLastIndex(e => e is TrialProposed);
        var changed = new List<ISweepEvent>(sweep.Journal) { [proposal] = new TrialProposed(12, new Assignment([new("rate", ParameterValue.Of(0.5))])) };
        var difference = replay.Verify(sweep.State.Sweep, changed).Difference.ShouldNotBeNull();
        (difference.Number, difference.Recorded, difference.Now).ShouldBe((proposal + 1, changed[proposal], sweep.Journal[proposal]));

        int ruling = sweep.Journal.FindIndex(e => e is TrialJudged);
        changed = [.. sweep.Journal];
        changed.RemoveAt(ruling);
        difference = replay.Verify(sweep.State.Sweep, changed).Difference.ShouldNotBeNull();
        (difference.Number, difference.Now).ShouldBe((ruling + 1, sweep.Journal[ruling]));
        changed = [.. sweep.Journal[..ruling], sweep.Journal[ruling], sweep.Journal[ruling]];
        replay.Verify(sweep.State.Sweep, changed).Difference.ShouldNotBeNull().Number.ShouldBe(ruling + 2);
    }

    [Fact]
    public void A_replacement_does_not_count_to_the_trials_that_are_proposed()
    {
        var sweep = new SweepModel(SweepModel.SpecOf("replace", maxTrials: 3), seed: 1).Run();

        sweep.State.Proposed.ShouldBe(3);
        sweep.State.Trials.Count.ShouldBe(6, "one gives way at each of three milestones");
        sweep.State.Trials.Values.Where(t => t.Replaces is not null).ShouldAllBe(t => t.Parent != null && t.Origin!.Trial.Number == t.Parent);
    }

    [Fact]
    public void A_search_that_has_nothing_to_propose_ends_the_sweep_when_its_trials_have()
    {
        var algorithms = new Algorithms(_ => new Few(), _ => null);
        var search = new SweepSearch(algorithms);
        var state = SweepDecider.Apply(SweepState.New(new("model")), new SweepSubmitted(new("model"), SweepModel.SpecOf(null)));
        List<ISweepEvent> journal = [];
        Drive();
        journal.OfType<TrialProposed>().Count().ShouldBe(2);
        journal[^1].ShouldBe(new SearchExhausted());

        Do(new RecordOutcome(1, new TrialOutcome(TrialPhase.Succeeded, 5, null, 40, "", null, "")));
        state.HasEnded.ShouldBeFalse();
        Do(new RecordOutcome(2, new TrialOutcome(TrialPhase.Succeeded, 5, null, 40, "", null, "")));
        journal[^1].ShouldBe(new SweepEnded(SweepPhase.Succeeded));

        void Drive()
        {
            while (search.Next(state) is { } next)
                Do(next);
        }

        void Do(ISweepCommand command)
        {
            foreach (var @event in SweepDecider.Decide(state, command).Events)
            {
                journal.Add(@event);
                state = SweepDecider.Apply(state, @event);
            }
        }
    }

    [Fact]
    public void What_was_stopped_looks_to_the_search_as_it_will()
    {
        var spec = SweepModel.SpecOf("stop");
        ISweepEvent[] events =
        [
            new SweepSubmitted(new("model"), spec), new TrialProposed(1, Assignment.Empty),
            new TrialReported(1, new MetricReport(10, [new Metric("swd", 7)])), new TrialJudged(1, new Ruling(10, "above the median")),
        ];
        var history = SweepSearch.HistoryOf(events.Aggregate(SweepState.New(new("model")), SweepDecider.Apply));

        var outcome = history.Trials[0].Outcome.ShouldNotBeNull();
        (outcome.Phase, outcome.Objective, outcome.Steps, outcome.Message).ShouldBe((TrialPhase.Pruned, 7, 10, "above the median"));
    }

    private sealed class Few : ISampler
    {
        public string Name => "few";

        public IReadOnlyList<Proposal> Propose(SearchHistory history, int count, SearchRandom random) =>
            [.. Enumerable.Range(history.NextNumber, count).Where(n => n <= 2).Select(n => new Proposal(n, Assignment.Empty))];
    }
}
