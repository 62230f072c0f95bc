using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Search.Scheduling;

namespace GenCluster.Search.Tests.Scheduling;

public sealed class PatienceSchedulerTests : SchedulerContract
{
    protected override IScheduler Scheduler { get; } = new PatienceScheduler();

    protected override bool SparesSomebody => false;

    protected override IReadOnlyList<Assignment> Variants => [Story.Options(("evaluations", 2)), Story.Options(("rule", "optuna"), ("evaluations", 1))];

    [Theory]
    [InlineData(Goal.Minimize, "5 4 3 3 3", 5)]
    [InlineData(Goal.Minimize, "5 6 4 6 5", 5)]
    [InlineData(Goal.Minimize, "5 4 3 2 1 0", 0)]
    [InlineData(Goal.Maximize, "1 2 1 3 1 1", 6)]
    public void Stops_when_nothing_was_better_for_two_evaluations(Goal goal, string values, int stopsAt) =>
        StopsAt(goal, values, ("evaluations", 2)).ShouldBe(stopsAt);

    [Theory]
    [InlineData("5 4.95 4.9", 3)]
    [InlineData("5 4.8 4.6 4.4", 0)]
    public void Better_is_better_by_more_than_a_delta(string values, int stopsAt) =>
        StopsAt(Goal.Minimize, values, ("evaluations", 2), ("minDelta", 0.1)).ShouldBe(stopsAt);

    [Fact]
    public void Waits_for_the_grace_period() => StopsAt(Goal.Minimize, "1 1 1 1 1 1", ("evaluations", 1), ("gracePeriod", 5.0)).ShouldBe(5);

    [Theory]
    [InlineData("1 1 1 1 1", 0, 0)] // staying the same is no fault there
    [InlineData("1 2 3", 0, 3)]
    [InlineData("1 2", 0, 0)]
    [InlineData("1 1.5 1.5", 1, 0)]
    [InlineData("1 2.5 2.5", 1, 3)]
    public void Optuna_stops_when_all_that_followed_was_worse(string values, double delta, int stopsAt) =>
        StopsAt(Goal.Minimize, values, ("rule", "optuna"), ("evaluations", 1), ("minDelta", delta)).ShouldBe(stopsAt);

    [Fact]
    public void Tells_the_best_value_and_how_many_were_looked_at()
    {
        var story = new Story(Scheduler, Story.Setting(Goal.Maximize, 100, ("evaluations", 1)));
        story.Report(1, 1, 7);

        story.Report(1, 2, 6).ShouldBe(new Ruling(2, "no better than 7 for 1 evaluations, by more than 0", 6, 2, 7));
    }

    private int StopsAt(Goal goal, string values, params (string, object)[] options)
    {
        var story = new Story(Scheduler, Story.Setting(goal, 100, options));
        double[] given = [.. values.Split(' ').Select(v => double.Parse(v, System.Globalization.CultureInfo.InvariantCulture))];
        return given.Select((v, i) => story.Report(1, i + 1, v) is null ? 0 : i + 1).FirstOrDefault(step => step > 0);
    }
}
