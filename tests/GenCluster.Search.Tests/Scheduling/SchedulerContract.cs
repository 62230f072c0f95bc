using GenCluster.Core.Parameters;
using GenCluster.Core.Randomness;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Search.Sampling;
using GenCluster.Search.Tests.Simulated;

namespace GenCluster.Search.Tests.Scheduling;

/// <summary>What every scheduler promises, with all its options. A new one inherits this suite and gives itself.</summary>
public abstract class SchedulerContract
{
    private static readonly ParameterSpace Space = new([new("x", new Uniform(0, 1)), new("n", new IntUniform(1, 9))]);

    protected abstract IScheduler Scheduler { get; }

    /// <summary>Options to run with, besides the defaults.</summary>
    protected abstract IReadOnlyList<Assignment> Variants { get; }

    /// <summary>Whether trials are compared with each other, so that not all can be stopped.</summary>
    protected virtual bool SparesSomebody => true;

    [Fact]
    public void Is_known_by_its_name() => Schedulers.Find(Scheduler.Name).ShouldNotBeNull().ShouldBeOfType(Scheduler.GetType());

    [Fact]
    public void Its_options_are_in_the_catalogue_with_defaults_that_are_allowed()
    {
        var description = SearchCatalogue.FindScheduler(Scheduler.Name).ShouldNotBeNull();

        description.Options.ShouldAllBe(o => o.Allows(o.Default) && o.Meaning.EndsWith('.'));
        foreach (var setting in Variants.SelectMany(v => v.Settings))
        {
            var option = description.Options.Single(o => o.Path == setting.Path);
            (option.Coerce(setting.Value) is { } value && option.Allows(value)).ShouldBeTrue(setting.ToString());
        }
    }

    [Fact]
    public void Every_trial_comes_to_an_end_and_none_is_left_waiting()
    {
        foreach (var (sweep, told) in Sweeps())
        {
            sweep.Run();

            sweep.Stranded.ShouldBe(0, told);
            sweep.Trials.ShouldAllBe(t => t.Record.Outcome != null, told);
            sweep.Trials.Count(t => t.Record.Replaces is null).ShouldBe(sweep.History.MaxTrials, told);
        }
    }

    [Fact]
    public void Somebody_trains_to_the_end_unless_all_fail()
    {
        foreach (var (sweep, told) in Sweeps(failures: 0))
        {
            sweep.Run();

            (!SparesSomebody || sweep.Trials.Any(t => t.Record.Outcome!.Phase == TrialPhase.Succeeded)).ShouldBeTrue(told);
        }
    }

    [Fact]
    public void A_sampler_that_has_no_more_leaves_nobody_waiting()
    {
        foreach (var (sweep, told) in Sweeps(sampler: new Exhausted(7)))
        {
            sweep.Run();

            (sweep.Trials.Count(t => t.Record.Replaces is null), sweep.Stranded).ShouldBe((Math.Min(7, sweep.History.MaxTrials), 0), told);
        }
    }

    [Fact]
    public void Says_the_same_of_the_same_history()
    {
        foreach (var (first, second) in Sweeps().Zip(Sweeps()))
        {
            first.Sweep.Run();
            second.Sweep.Run();

            second.Sweep.Moves.ShouldBe(first.Sweep.Moves, first.Told);
            second.Sweep.Rulings.ShouldBe(first.Sweep.Rulings, first.Told);
        }
    }

    [Fact]
    public void Leaves_the_history_as_it_was()
    {
        foreach (var (sweep, told) in Sweeps())
        {
            sweep.Run();
            var history = sweep.History with { Trials = [.. sweep.History.Trials.Select(t => t with { Outcome = null, WaitsAt = t.Outcome!.Steps })] };
            string before = Text(history);

            Scheduler.Judge(history, Story.Seed);
            Scheduler.Arrange(history, 3, Story.Seed);
            Scheduler.FirstMilestone(history, 3);

            Text(history).ShouldBe(before, told);
        }
    }

    [Fact]
    public void Rulings_say_where_why_and_among_how_many()
    {
        foreach (var (sweep, told) in Sweeps())
        {
            sweep.Run();

            sweep.Rulings.ShouldAllBe(r => r.Step > 0 && r.Reason.Length > 0 && r.Among > 0, told);
            sweep.Rulings.ShouldAllBe(r => r.Value != null, told);
        }
    }

    [Fact]
    public void Milestones_are_evaluated_steps_before_the_last()
    {
        foreach (var (sweep, told) in Sweeps())
        {
            var history = sweep.History;
            foreach (int milestone in Enumerable.Range(1, 20).Select(n => Scheduler.FirstMilestone(history, n)).OfType<int>())
                (milestone > 0 && milestone < history.Steps && milestone % history.EvaluateEvery == 0).ShouldBeTrue($"{milestone}: {told}");
            sweep.Run();
            sweep.Moves.OfType<Move.Resume>().ShouldAllBe(m => m.Until == history.Steps || m.Until % history.EvaluateEvery == 0, told);
        }
    }

    [Fact]
    public void With_no_places_it_resumes_nobody()
    {
        foreach (var (sweep, told) in Sweeps())
        {
            sweep.Run();
            var trials = sweep.History.Trials.Select(t => t.Outcome!.Steps < sweep.History.Steps ? t with { Outcome = null, WaitsAt = t.Outcome!.Steps } : t);

            Scheduler.Arrange(sweep.History with { Trials = [.. trials] }, 0, Story.Seed).ShouldAllBe(m => m is Move.Prune, told);
        }
    }

    [Fact]
    public void An_evaluation_of_untrained_weights_decides_nothing() =>
        new Story(Scheduler, Story.Setting(Goal.Minimize, 100)).Report(1, 0, 1e9).ShouldBeNull();

    private IEnumerable<(SimulatedSweep Sweep, string Told)> Sweeps(double failures = 0.15, ISampler? sampler = null)
    {
        foreach (var options in Variants.Prepend(Assignment.Empty))
        {
            for (int seed = 1; seed <= 12; seed++)
            {
                var dice = new RandomStream((ulong)seed, new StreamAddress(StreamPurpose.Search));
                int every = 1 + dice.NextInt(4);
                var setting = new SearchHistory(Space, new ObjectiveSpec("m", seed % 2 == 0 ? Goal.Minimize : Goal.Maximize), [])
                {
                    Steps = every * (1 + dice.NextInt(30)) + dice.NextInt(every),
                    EvaluateEvery = every,
                    MaxTrials = 1 + dice.NextInt(25),
                    StoppingOptions = options,
                };
                int parallel = 1 + dice.NextInt(5);
                yield return (
                    new SimulatedSweep(sampler ?? new RandomSampler(), Scheduler, setting, new SearchRandom((ulong)seed), parallel, Curve((ulong)seed, failures)),
                    $"{Scheduler.Name} {options}, seed {seed}: {setting.Steps} steps, {setting.MaxTrials} trials, {parallel} at a time");
            }
        }
    }

    /// <summary>Values fall from 1 towards one that the configuration sets, with noise, and some trials fail on the way.</summary>
    private static Func<SimulatedTrial, int, double?> Curve(ulong seed, double failures) => (trial, step) =>
    {
        var dice = new RandomStream(seed, new StreamAddress(StreamPurpose.Training, (uint)(trial.Number * 1000 + step)));
        if (dice.NextDouble() < failures / 5)
            return null;
        double x = trial.Assignment["x"].AsNumber();
        return x + Math.Exp(-step * (0.05 + x)) + 0.1 * dice.NextDouble();
    };

    private static string Text(SearchHistory history) => string.Join('\n', history.Trials) + '\n' + string.Join('\n', history.Reports.Select(r => $"{r.Number} {r.Step} {string.Join(' ', r.Report.Metrics)}"));

    private sealed class Exhausted(int most) : ISampler
    {
        public string Name => "exhausted";

        public IReadOnlyList<Proposal> Propose(SearchHistory history, int count, SearchRandom random) =>
            new RandomSampler().Propose(history, Math.Min(count, most - history.Trials.Count(t => t.Replaces is null)), random);
    }
}
