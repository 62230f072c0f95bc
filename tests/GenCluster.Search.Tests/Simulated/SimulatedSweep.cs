using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;

namespace GenCluster.Search.Tests.Simulated;

/// <summary>
/// A sweep without a cluster: trials take turns, one evaluation each, and do what sampler and scheduler say. It keeps to the
/// rules that the ports name, and throws where a scheduler does not.
/// </summary>
/// <param name="curve">The value that a configuration shows at a step, weights inherited from where; null: the trial fails there.</param>
internal sealed class SimulatedSweep(
    ISampler sampler, IScheduler? scheduler, SearchHistory setting, SearchRandom random, int parallel, Func<SimulatedTrial, int, double?> curve)
{
    private readonly List<SimulatedTrial> trials = [];
    private readonly List<TrialReport> reports = [];
    private int maxTrials = setting.MaxTrials;

    /// <summary>Steps trained by all trials.</summary>
    public long Steps { get; private set; }

    public IReadOnlyList<SimulatedTrial> Trials => trials;

    public List<Move> Moves { get; } = [];

    public List<Ruling> Rulings { get; } = [];

    /// <summary>How many trials the sweep itself had to prune, because nobody moved them.</summary>
    public int Stranded { get; private set; }

    public SearchHistory History => setting with { Trials = [.. trials.Select(t => t.Record)], Reports = [.. reports], MaxTrials = maxTrials };

    public void Run()
    {
        while (true)
        {
            Fill();
            var working = trials.Where(t => t.IsAtWork).ToList();
            if (working is [])
            {
                var waiting = trials.Where(t => t.Record.Outcome is null).ToList();
                Stranded += waiting.Count;
                waiting.ForEach(t => t.End(TrialPhase.Pruned));
                return;
            }

            foreach (var trial in working)
                Advance(trial);
        }
    }

    private int Free => parallel - trials.Count(t => t.IsAtWork);

    private void Fill()
    {
        while (Arrange() || Propose())
        {
        }
    }

    private bool Arrange()
    {
        if (scheduler?.Arrange(History, Free, random) is not { Count: > 0 } moves)
            return false;
        if (moves.Count(m => m is not Move.Prune) > Free)
            throw new InvalidOperationException($"{moves.Count} moves for {Free} places");
        foreach (var move in moves)
            Make(move);
        return true;
    }

    private void Make(Move move)
    {
        Moves.Add(move);
        switch (move)
        {
            case Move.Resume m:
                Waiting(m.Trial).Resume(m.Until);
                break;
            case Move.Prune m:
                Rulings.Add(m.Ruling);
                Waiting(m.Trial).End(TrialPhase.Pruned);
                break;
            case Move.Replace m:
                Rulings.Add(m.Ruling);
                Waiting(m.Trial).End(TrialPhase.Pruned);
                var parent = trials.Single(t => t.Number == m.Parent);
                if (!parent.Checkpoints.TakeLast(2).Contains(m.ParentStep))
                    throw new InvalidOperationException($"trial {m.Parent} has no checkpoint at {m.ParentStep}");
                if (!setting.Space.Contains(m.Assignment))
                    throw new InvalidOperationException($"not in the space: {m.Assignment}");
                trials.Add(new SimulatedTrial(trials.Count + 1, m.Assignment, m.Until, m.ParentStep) { Record = new(trials.Count + 1, m.Assignment, null) { Parent = m.Parent, Replaces = m.Trial } });
                break;
        }
    }

    private SimulatedTrial Waiting(int number) => trials.Single(t => t.Number == number) is { Record: { WaitsAt: not null, Outcome: null } } trial
        ? trial
        : throw new InvalidOperationException($"trial {number} does not wait");

    private bool Propose()
    {
        int proposed = trials.Count(t => t.Record.Replaces is null);
        if (Free <= 0 || proposed >= maxTrials)
            return false;
        var proposals = sampler.Propose(History, 1, random);
        if (proposals is [])
        {
            maxTrials = proposed;
            return true;
        }

        int until = scheduler?.FirstMilestone(History, proposals[0].Number) ?? setting.Steps;
        trials.Add(new SimulatedTrial(proposals[0].Number, proposals[0].Assignment, until, 0));
        return true;
    }

    private void Advance(SimulatedTrial trial)
    {
        int step = Math.Min(trial.Step + setting.EvaluateEvery, setting.Steps);
        Steps += step - trial.Step;
        if (curve(trial, step) is not { } value)
        {
            trial.End(TrialPhase.Failed);
            return;
        }

        trial.Reach(step, value);
        reports.Add(new TrialReport(trial.Number, new MetricReport(step, [new Metric(setting.Objective.Metric, value)])));
        if (step == setting.Steps)
            trial.End(TrialPhase.Succeeded);
        else if (scheduler?.Judge(History, random) is { } ruling)
        {
            Rulings.Add(ruling);
            trial.End(TrialPhase.Pruned);
        }
        else if (step == trial.Until)
            trial.Wait();
    }
}

/// <summary>A trial of a simulated sweep.</summary>
internal sealed class SimulatedTrial(int number, Assignment assignment, int until, int from)
{
    public int Number => number;

    public Assignment Assignment => assignment;

    public int Until { get; private set; } = until;

    public int Step { get; private set; } = from;

    public double? Value { get; private set; }

    public TrialRecord Record { get; set; } = new(number, assignment, null);

    public List<int> Checkpoints { get; } = [];

    public bool IsAtWork => Record is { Outcome: null, WaitsAt: null };

    public void Reach(int step, double value) => (Step, Value) = (step, value);

    public void Wait()
    {
        Checkpoints.Add(Step);
        Record = Record with { WaitsAt = Step };
    }

    public void Resume(int next)
    {
        if (next <= Step)
            throw new InvalidOperationException($"trial {number} is at {Step} and cannot go on until {next}");
        Until = next;
        Record = Record with { WaitsAt = null };
    }

    public void End(TrialPhase phase) => Record = Record with { WaitsAt = null, Outcome = new TrialOutcome(phase, Value, null, Step, "", null, "") };
}
