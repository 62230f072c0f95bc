using GenCluster.Actors.Tests.Support;
using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Search.Sweeps;

namespace GenCluster.Cli.Tests.Replaying;

/// <summary>The journal of a sweep whose trials take turns: the algorithms are the real ones, only training is not.</summary>
internal sealed class PlayedSweep
{
    private const int Patience = 1_000;

    private readonly SweepSearch search = new(Algorithms.Known);
    private readonly Dictionary<int, int> steps = [];
    private readonly List<ISweepEvent> journal = [];
    private SweepState state = SweepState.New(Samples.Sweep);

    private PlayedSweep()
    {
    }

    /// <param name="mode">Of <c>asha</c>: stop, where trials are judged, or promote, where they wait and are moved.</param>
    public static IReadOnlyList<ISweepEvent> Asha(string mode)
    {
        var options = new Assignment([new("mode", ParameterValue.Of(mode)), new("reductionFactor", ParameterValue.Of(2.0))]);
        return new PlayedSweep().Play(Samples.Spec(maxTrials: 6, parallelTrials: 3) with { EarlyStopping = new EarlyStoppingSpec("asha", options) });
    }

    /// <summary>A grid of two configurations: the search comes to its end.</summary>
    public static IReadOnlyList<ISweepEvent> Grid()
    {
        var spec = Samples.Spec(maxTrials: 6);
        return new PlayedSweep().Play(spec with { Search = new SearchSpec("grid", 6, 1), Parameters = new ParameterSpace([spec.Parameters.Parameters.First(p => p.Path == "loss")]) });
    }

    private List<ISweepEvent> Play(SweepSpec spec)
    {
        Do(new SubmitSweep(spec, At: 1));
        for (int i = 0; i < Patience && !state.LiveNumbers.IsEmpty; i++)
        {
            TrialRecord[] able = [.. state.Live.Where(t => t.Ruling is not null || t.IsAtWork)];
            Do(Next(able[i % able.Length]));
        }

        state.HasEnded.ShouldBeTrue();
        return journal;
    }

    /// <summary>What a trial says next. How good it is depends on its number and step alone.</summary>
    private ISweepCommand Next(TrialRecord trial)
    {
        int at = steps.GetValueOrDefault(trial.Number), last = state.Spec!.Training.Steps;
        double swd = 100.0 - (trial.Number * 4 % 7) - (at / 128.0);
        if (trial.EndsAt is not null || at == last)
            return new RecordOutcome(trial.Number, new TrialOutcome(at == last ? TrialPhase.Succeeded : TrialPhase.Pruned, swd, null, at, "", null, ""));
        if (trial.Until == at)
            return new RecordArrival(trial.Number, at);
        steps[trial.Number] = at += state.Spec.Training.EvaluateEvery;
        return search.Hear(state, trial.Number, new MetricReport(at, [new Metric("swd", swd)]));
    }

    private void Do(ISweepCommand command)
    {
        Apply(command);
        while (search.Next(state) is { } next)
            Apply(next);
    }

    private void Apply(ISweepCommand command)
    {
        foreach (var @event in SweepDecider.Decide(state, command).Events)
        {
            journal.Add(@event);
            state = SweepDecider.Apply(state, @event);
        }
    }
}
