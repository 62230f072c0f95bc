using GenCluster.Cli.Tests.Support;
using GenCluster.Cli.Watching;
using GenCluster.Core.Sweeps;

namespace GenCluster.Cli.Tests.Watching;

public sealed class ProgressClockTests
{
    private readonly ManualTime time = new();

    [Fact]
    public void Nothing_is_known_before_there_is_a_speed()
    {
        var estimate = new ProgressClock(time).Estimate(Sweeps.View(SweepPhase.Running, Sweeps.Running(1, 0, rate: 0), Sweeps.Pending(2)));

        estimate.Left.ShouldBeNull();
        estimate.Trials.ShouldBeEmpty();
    }

    [Fact]
    public void The_reported_speed_bridges_the_first_moments()
    {
        var estimate = new ProgressClock(time).Estimate(Sweeps.View(SweepPhase.Running, Sweeps.Running(1, 100, rate: 5)));

        estimate.Trials[1].ShouldBe(TimeSpan.FromSeconds(100));
    }

    [Fact]
    public void Then_what_was_seen_counts_with_all_its_pauses()
    {
        var clock = new ProgressClock(time);
        clock.Estimate(Sweeps.View(SweepPhase.Running, Sweeps.Running(1, 100, rate: 5)));
        time.Advance(TimeSpan.FromSeconds(50));

        var estimate = clock.Estimate(Sweeps.View(SweepPhase.Running, Sweeps.Running(1, 200, rate: 5)));

        estimate.Trials[1].ShouldBe(TimeSpan.FromSeconds(200)); // 2 steps/s, 400 steps to go
        estimate.Elapsed.ShouldBe(TimeSpan.FromSeconds(50));
    }

    [Fact]
    public void The_sweep_takes_what_is_left_of_all_its_trials()
    {
        var estimate = new ProgressClock(time).Estimate(
            Sweeps.View(SweepPhase.Running, Sweeps.Running(1, 300, rate: 2), Sweeps.Running(2, 300, rate: 2), Sweeps.Pending(3)));

        // 300 + 300 + 600 of trial 3 + 600 of trial 4, which is not even proposed, at 4 steps/s
        estimate.Left.ShouldBe(TimeSpan.FromSeconds(450));
    }

    [Fact]
    public void The_slowest_trial_holds_up_the_end()
    {
        var estimate = new ProgressClock(time).Estimate(Sweeps.View(
            SweepPhase.Running, Sweeps.Succeeded(1, 1), Sweeps.Succeeded(2, 1), Sweeps.Running(3, 590, rate: 9), Sweeps.Running(4, 500, rate: 1)));

        estimate.Left.ShouldBe(TimeSpan.FromSeconds(100));
    }

    [Fact]
    public void A_trial_that_begins_anew_is_measured_anew()
    {
        var clock = new ProgressClock(time);
        clock.Estimate(Sweeps.View(SweepPhase.Running, Sweeps.Running(1, 300)));
        time.Advance(TimeSpan.FromSeconds(100));
        clock.Estimate(Sweeps.View(SweepPhase.Running, Sweeps.Running(1, 200, rate: 4) with { Attempts = 2 })).Trials[1].ShouldBe(TimeSpan.FromSeconds(100));
        time.Advance(TimeSpan.FromSeconds(10));

        clock.Estimate(Sweeps.View(SweepPhase.Running, Sweeps.Running(1, 210, rate: 4) with { Attempts = 2 })).Trials[1].ShouldBe(TimeSpan.FromSeconds(390));
    }

    [Fact]
    public void A_finished_sweep_takes_no_more_time()
    {
        new ProgressClock(time).Estimate(Sweeps.Finished()).Left.ShouldBeNull();
    }
}
