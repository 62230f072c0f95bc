using GenCluster.Benchmarks.Measuring;
using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Trials;
using GenCluster.Search;
using GenCluster.Search.Tests.Simulated;

namespace GenCluster.Benchmarks.Stopping;

/// <summary>
/// What each early-stopping rule finds, and at which cost, in a table of recorded learning curves. Nothing is trained: a
/// sweep's turns are played with what the curves say, so the numbers are the same on any machine.
/// </summary>
internal sealed class StoppingBenchmark(int seeds)
{
    private const int Parallel = 4;
    private const string PromoteMode = "asha promote, factor 3", StopMode = "asha stop, factor 2";
    private const double Near = 1.01, Quarter = 0.25;

    private static readonly (string Name, string Scheduler, (string, ParameterValue)[] Options)[] Rules =
    [
        (PromoteMode, "asha", [("mode", Text("promote")), ("reductionFactor", Number(3))]),
        ("asha promote, factor 4", "asha", [("mode", Text("promote"))]),
        ("asha stop, factor 4: the defaults", "asha", []),
        ("asha stop, factor 3", "asha", [("reductionFactor", Number(3))]),
        (StopMode, "asha", [("reductionFactor", Number(2))]),
        ("asha stop, as Ray", "asha", [("rule", Text("ray")), ("reductionFactor", Number(3)), ("gracePeriod", Number(RecordedCurves.Every))]),
        ("asha stop, as Optuna", "asha", [("rule", Text("optuna")), ("reductionFactor", Number(3)), ("gracePeriod", Number(RecordedCurves.Every))]),
        ("asha stop, as Determined", "asha", [("rule", Text("determined")), ("reductionFactor", Number(3))]),
        ("asha stop, as W&B", "asha", [("rule", Text("wandb")), ("reductionFactor", Number(3)), ("gracePeriod", Number(1))]),
        ("hyperband", "hyperband", []),
        ("median", "median", []),
        ("percentile", "percentile", []),
    ];

    private readonly RecordedCurves curves = RecordedCurves.Read();

    public Report Run()
    {
        var table = new Table(
            $"Of {seeds} orders of the same {curves.Count} trials: how often the best within 1 %, and the steps, of those of training all",
            "rule", "found", "median value / best", "median steps", "most steps");
        List<Figure> figures = [];
        foreach (var (name, scheduler, options) in Rules)
        {
            var runs = Enumerable.Range(1, seeds).Select(seed => Play((ulong)seed, scheduler, options)).ToList();
            int found = runs.Count(r => r.Value <= curves.Best * Near);
            table.Add(
                name, $"{found}", $"{Measuring.Distribution.MedianOf(runs.Select(r => r.Value / curves.Best)):F3}",
                $"{Measuring.Distribution.MedianOf(runs.Select(r => r.Share)):P1}", $"{runs.Max(r => r.Share):P1}");
            if (name is PromoteMode or StopMode)
            {
                string mode = name is PromoteMode ? "promote" : "stop";
                figures.Add(new Figure.AtLeast($"asha/{mode}/within-1-percent/of-seeds", found / (double)seeds, 1));
                figures.Add(new Figure.AtMost($"asha/{mode}/steps/of-random-search", runs.Max(r => r.Share), Quarter));
            }
        }

        return new Report("asha", [$"{Parallel} trials at a time; {curves.Count} trials of {curves.Steps} steps, evaluated every {RecordedCurves.Every}; the same on any machine"], [table], figures);
    }

    private (double Value, double Share) Play(ulong seed, string scheduler, (string Name, ParameterValue Value)[] options)
    {
        var setting = curves.Setting(new Assignment([.. options.Select(o => new Setting(o.Name, o.Value))]));
        var sweep = new SimulatedSweep(curves.Sampler(seed), Schedulers.Find(scheduler), setting, new SearchRandom(seed), Parallel, curves.At);
        sweep.Run();
        double best = sweep.Trials.Where(t => t.Record.Outcome!.Phase is TrialPhase.Succeeded).Select(t => t.Value!.Value).DefaultIfEmpty(double.PositiveInfinity).Min();
        return (best, sweep.Steps / (double)curves.AllSteps);
    }

    private static ParameterValue Text(string value) => ParameterValue.Of(value);

    private static ParameterValue Number(double value) => ParameterValue.Of(value);
}
