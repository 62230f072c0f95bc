using GenCluster.Core.Search;
using GenCluster.Core.Trials;
using GenCluster.Search.Scheduling;
using GenCluster.Search.Tests.Simulated;

namespace GenCluster.Search.Tests.Scheduling;

public sealed class AshaOnRecordedCurvesTests
{
    private const int Seeds = 20, Parallel = 4;

    private static readonly RecordedCurves Curves = RecordedCurves.Read();

    [Theory]
    [InlineData("promote", 3.0, 20)]
    [InlineData("promote", 4.0, 20)]
    [InlineData("stop", 2.0, 20)]
    [InlineData("stop", 3.0, 18)] // a trial that comes early is judged among few, and once stopped is lost
    public void Finds_the_best_within_one_percent_in_a_quarter_of_the_steps(string mode, double factor, int seeds)
    {
        var runs = Enumerable.Range(1, Seeds).Select(seed => Run((ulong)seed, mode, factor)).ToList();

        runs.Count(r => r.Value <= Curves.Best * 1.01).ShouldBeGreaterThanOrEqualTo(seeds);
        runs.Max(r => r.Share).ShouldBeLessThanOrEqualTo(0.25);
    }

    private static (double Value, double Share) Run(ulong seed, string mode, double factor)
    {
        var setting = Curves.Setting(Story.Options(("mode", mode), ("reductionFactor", factor)));
        var sweep = new SimulatedSweep(Curves.Sampler(seed), new AshaScheduler(), setting, new SearchRandom(seed), Parallel, Curves.At);
        sweep.Run();
        double best = sweep.Trials.Where(t => t.Record.Outcome!.Phase is TrialPhase.Succeeded).Min(t => t.Value!.Value);
        return (best, sweep.Steps / (double)Curves.AllSteps);
    }
}
