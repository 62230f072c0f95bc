using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Search.Scheduling;
using GenCluster.Search.Standings;

namespace GenCluster.Search.Tests.Scheduling;

public sealed class PercentileSchedulerTests : SchedulerContract
{
    protected override IScheduler Scheduler { get; } = new PercentileScheduler();

    protected override IReadOnlyList<Assignment> Variants => [Story.Options(("percentile", 75.0)), Story.Options(("rule", "optuna"), ("minTrials", 1))];

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 2.5)]
    [InlineData(0.75, 3.25)]
    [InlineData(1, 4)]
    public void Percentiles_are_interpolated(double part, double expected) => Quantiles.Of([4, 1, double.NaN, 3, 2], part).ShouldBe(expected);

    [Fact]
    public void No_values_have_no_percentile() => double.IsNaN(Quantiles.Of([double.NaN], 0.5)).ShouldBeTrue();

    [Theory]
    [InlineData(Goal.Minimize, 25, 1.75)]
    [InlineData(Goal.Minimize, 75, 3.25)]
    [InlineData(Goal.Maximize, 25, 3.25)]
    [InlineData(Goal.Maximize, 75, 1.75)]
    public void The_best_so_many_percent_go_on(Goal goal, int percent, double cutoff)
    {
        var story = new Story(Scheduler, Story.Setting(goal, 100, ("rule", "optuna"), ("percentile", (double)percent), ("minTrials", 1)));
        foreach (int trial in Enumerable.Range(1, 4))
        {
            story.Report(trial, 1, trial);
            story.End(trial, TrialPhase.Succeeded);
        }

        story.Report(5, 1, cutoff).ShouldBeNull();
        story.Report(6, 1, goal is Goal.Minimize ? 9 : -9)!.Cutoff.ShouldBe(cutoff);
    }
}
