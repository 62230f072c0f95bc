using GenCluster.Core.Identity;
using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Search.Sweeps;

namespace GenCluster.Search.Tests.Sweeps;

/// <summary>
/// A sweep without actors: trials report, arrive and end in an order that the seed gives, and say things again. What a
/// trial does depends on its number and step alone.
/// </summary>
internal sealed class SweepModel(SweepSpec spec, int seed, bool repeats = false, bool meddles = false)
{
    private const int Patience = 20_000;

    private readonly Random random = new(seed);
    private readonly Random mischief = new(seed + 1);
    private readonly SweepSearch search = new(ModelSchedulers.Algorithms);
    private readonly Dictionary<int, int> steps = []; // how far each trial is
    private readonly List<ISweepCommand> said = [];

    public static SweepSpec SpecOf(string? scheduler, int maxTrials = 12, int parallelTrials = 3, int maxFailedTrials = 100) => new(
        "model",
        new TrainableSpec("vae", Assignment.Empty),
        new DataSpec("fashion-mnist-sample", null, 32, 1000),
        new TrainingSpec(Steps: 40, BatchSize: 8, Shards: 1, EvaluateEvery: 10, CheckpointEvery: 10, Seed: 7, Threads: 1),
        new EvaluationSpec(64, 16, 128),
        new ObjectiveSpec("swd", Goal.Minimize),
        new SearchSpec("random", maxTrials, parallelTrials),
        new ParameterSpace([new Parameter("rate", new LogUniform(1e-5, 1e-2))]),
        new ResourceSpec(1, 1, "cpu"),
        new BudgetSpec(maxFailedTrials),
        EarlyStopping: scheduler is null ? null : new EarlyStoppingSpec(scheduler, Assignment.Empty));

    public SweepState State { get; private set; } = SweepState.New(new SweepId("model"));

    public List<ISweepEvent> Journal { get; } = [];

    /// <summary>What a trial measures at a step.</summary>
    public static double Value(int number, int step) => 100 - step + (((number * 7919) + (step * 31)) % 97);

    /// <summary>Until the sweep has ended and all of its trials have.</summary>
    public SweepModel Run()
    {
        Do(new SubmitSweep(spec, At: 1));
        for (int i = 0; i < Patience && !(State.HasEnded && State.LiveNumbers.IsEmpty); i++)
        {
            if (repeats && said.Count > 0 && mischief.Next(3) == 0)
                Do(said[mischief.Next(said.Count)]);
            if (meddles && mischief.Next(12) == 0)
                Do(new ControlSweep((Verb)mischief.Next(2), mischief.Next(2) == 0 && State.Trials.Count > 0 ? mischief.Next(State.Trials.Count) + 1 : null, "ada"));
            Step();
        }

        return this;
    }

    private void Step()
    {
        TrialRecord[] able = [.. State.Live.Where(t => State.HasEnded || t.Ruling is not null || t.Asked is not null || t.IsAtWork)];
        if (able.Length == 0)
        {
            Do(new ControlSweep(Verb.Resume, null, "ada")); // only people can have brought it here
            foreach (var held in State.Live.Where(t => t.IsHeld).ToArray())
                Do(new ControlSweep(Verb.Resume, held.Number, "ada"));
            return;
        }

        Act(able[random.Next(able.Length)]);
    }

    private void Act(TrialRecord trial)
    {
        if (trial is { EndsAt: { } ended })
            Say(new RecordOutcome(trial.Number, Outcome(trial.Number, TrialPhase.Pruned, ended)));
        else if (State.HasEnded || trial.Asked is not null)
            Say(new RecordOutcome(trial.Number, Outcome(trial.Number, TrialPhase.Cancelled, steps.GetValueOrDefault(trial.Number))));
        else if (trial.AwaitsOrigin)
            Inherit(trial);
        else
            Train(trial);
    }

    private void Inherit(TrialRecord trial)
    {
        steps[trial.Number] = trial.ParentStep!.Value;
        Say(new RecordOrigin(trial.Number, new TrialOrigin(new TrialId(State.Sweep, trial.Parent!.Value), new(trial.ParentStep.Value, [], "cpu"))));
    }

    private void Train(TrialRecord trial)
    {
        int at = steps.GetValueOrDefault(trial.Number);
        if (at == trial.Until)
        {
            Say(new RecordArrival(trial.Number, at));
            return;
        }

        if (at == spec.Training.Steps)
        {
            Say(new RecordOutcome(trial.Number, Outcome(trial.Number, TrialPhase.Succeeded, at)));
            return;
        }

        steps[trial.Number] = at + 10;
        var report = new MetricReport(at + 10, [new Metric("swd", Value(trial.Number, at + 10))]);
        said.Add(search.Hear(State, trial.Number, report));
        Do(search.Hear(State, trial.Number, report));
    }

    private void Say(ISweepCommand command)
    {
        said.Add(command);
        Do(command);
    }

    private void Do(ISweepCommand command)
    {
        Apply(command is RecordReport r ? search.Hear(State, r.Number, r.Report) : command);
        while (search.Next(State) is { } next)
            Apply(next);
    }

    private void Apply(ISweepCommand command)
    {
        foreach (var @event in SweepDecider.Decide(State, command).Events)
        {
            Journal.Add(@event);
            State = SweepDecider.Apply(State, @event);
        }
    }

    private static TrialOutcome Outcome(int number, TrialPhase phase, int step) =>
        new(phase, Value(number, step), null, step, "", null, "", Metrics: [new Metric("swd", Value(number, step))]);
}
