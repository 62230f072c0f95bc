using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Search.Scheduling;

namespace GenCluster.Search.Tests.Scheduling;

public sealed class ThresholdSchedulerTests : SchedulerContract
{
    protected override IScheduler Scheduler { get; } = new ThresholdScheduler();

    protected override bool SparesSomebody => false;

    protected override IReadOnlyList<Assignment> Variants => [Story.Options(("upper", 0.9), ("gracePeriod", 4.0)), Story.Options(("lower", 0.0), ("upper", 3.0), ("interval", 2))];

    [Theory]
    [InlineData(0.5, null)]
    [InlineData(0, null)]
    [InlineData(1, null)]
    [InlineData(1.5, "m is 1.5, above 1 at step 3")]
    [InlineData(-2, "m is -2, below 0 at step 3")]
    [InlineData(double.NaN, "m is not a number at step 3")]
    [InlineData(double.PositiveInfinity, "m is Infinity, above 1 at step 3")]
    public void Stops_what_leaves_the_range(double value, string? reason) =>
        (new Story(Scheduler, Story.Setting(Goal.Minimize, 100, ("lower", 0.0), ("upper", 1.0))).Report(1, 3, value)?.Reason).ShouldBe(reason);

    [Fact]
    public void A_ruling_has_the_value_and_the_bound() =>
        new Story(Scheduler, Story.Setting(Goal.Minimize, 100, ("upper", 1.0))).Report(1, 3, 1.5).ShouldBe(new Ruling(3, "m is 1.5, above 1 at step 3", 1.5, 1, 1));

    [Fact]
    public void Can_watch_another_metric()
    {
        var story = new Story(Scheduler, Story.Setting(Goal.Minimize, 100, ("metric", "kl"), ("lower", 0.1)));

        story.Report(1, 1, new Metric("m", -9)).ShouldBeNull();
        story.Report(1, 2, new Metric("m", -9), new Metric("kl", 0.05)).ShouldNotBeNull().Reason.ShouldBe("kl is 0.05, below 0.1 at step 2");
    }

    [Fact]
    public void Waits_for_the_grace_period_and_judges_once_in_an_interval()
    {
        var story = new Story(Scheduler, Story.Setting(Goal.Minimize, 100, ("upper", 0.0), ("gracePeriod", 2.0), ("interval", 2)));

        int[] stops = [.. Enumerable.Range(1, 6).Where(step => story.Report(1, step, 9) is not null)];
        stops.ShouldBe([2, 4, 6]);
    }
}
