using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;

namespace GenCluster.Search.Tests.Scheduling;

/// <summary>What trials of a sweep report, one after the other, and what a scheduler says to it.</summary>
internal sealed class Story(IScheduler scheduler, SearchHistory setting)
{
    public static readonly SearchRandom Seed = new(5);

    private readonly SortedDictionary<int, TrialRecord> trials = [];
    private readonly List<TrialReport> reports = [];

    public SearchHistory History => setting with { Trials = [.. trials.Values], Reports = [.. reports] };

    public static SearchHistory Setting(Goal goal, int steps, params (string Name, object Value)[] options) =>
        new(ParameterSpace.Empty, new ObjectiveSpec("m", goal), [])
        {
            Steps = steps,
            MaxTrials = 100,
            StoppingOptions = Options(options),
        };

    public static Assignment Options(params (string Name, object Value)[] options) => new([.. options.Select(o => new Setting(o.Name, o.Value switch
    {
        int i => ParameterValue.Of(i),
        double d => ParameterValue.Of(d),
        bool b => ParameterValue.Of(b),
        _ => ParameterValue.Of((string)o.Value),
    }))]);

    /// <summary>A trial reports.</summary>
    /// <returns>Why it stops; null: it goes on.</returns>
    public Ruling? Report(int trial, int step, double value) => Report(trial, step, [new Metric("m", value)]);

    public Ruling? Report(int trial, int step, params Metric[] metrics)
    {
        trials.TryAdd(trial, new TrialRecord(trial, Assignment.Empty, null));
        reports.Add(new TrialReport(trial, new MetricReport(step, metrics)));
        return scheduler.Judge(History, Seed);
    }

    /// <summary>New trials, numbered from the highest that there is, report at the same step.</summary>
    /// <returns>A letter for each: continue or stop.</returns>
    public string Arrivals(int step, params double[] values)
    {
        int first = trials.Keys.DefaultIfEmpty(0).Max() + 1;
        return string.Concat(values.Select((v, i) => Report(first + i, step, v) is null ? 'C' : 'S'));
    }

    public void Wait(int trial, int step, double value)
    {
        Report(trial, step, value);
        WaitsAt(trial, step);
    }

    public void WaitsAt(int trial, int step) => trials[trial] = trials[trial] with { WaitsAt = step };

    public void GoesOn(int trial) => trials[trial] = trials[trial] with { WaitsAt = null };

    public void Begin(int trial, int? parent = null, int? replaces = null) =>
        trials[trial] = new TrialRecord(trial, Assignment.Empty, null) { Parent = parent, Replaces = replaces };

    public void End(int trial, TrialPhase phase, FailureClass? failure = null)
    {
        trials.TryAdd(trial, new TrialRecord(trial, Assignment.Empty, null));
        var last = reports.LastOrDefault(r => r.Number == trial);
        trials[trial] = trials[trial] with
        {
            WaitsAt = null,
            Outcome = new TrialOutcome(phase, last?.Report.Find("m"), null, last?.Step ?? 0, "", failure, ""),
        };
    }

    public IReadOnlyList<Move> Arrange(int free) => scheduler.Arrange(History, free, Seed);
}
