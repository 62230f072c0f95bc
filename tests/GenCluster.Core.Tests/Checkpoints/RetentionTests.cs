using GenCluster.Core.Checkpoints;
using GenCluster.Core.Decisions;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Tests.Support;
using GenCluster.Core.Trials;
using static GenCluster.Core.Tests.Support.Samples;

namespace GenCluster.Core.Tests.Checkpoints;

/// <summary>Which checkpoints stay.</summary>
public sealed class RetentionTests
{
    private static readonly ITrialEvent[] Running = [new TrialCreated(Definition), new LeaseGranted(1, [Anna])];

    [Fact]
    public void The_two_newest_stay_and_the_best()
    {
        var state = Committed((10, 5), (20, 3), (30, 4), (40, 6), (50, 7));

        state.Checkpoints.Select(c => c.Step).ShouldBe([50, 40, 20]);
    }

    [Fact]
    public void The_best_may_be_one_of_the_newest() => Committed((10, 5), (20, 3), (30, 2)).Checkpoints.Select(c => c.Step).ShouldBe([30, 20]);

    [Fact]
    public void Of_equals_the_newest_is_the_best() => Committed((10, 3), (20, 3), (30, 4), (40, 4)).Checkpoints.Select(c => c.Step).ShouldBe([40, 30, 20]);

    [Fact]
    public void What_is_to_be_maximized_is_best_when_it_is_large()
    {
        var kept = Retention.After([Manifest(20), Manifest(10)], Manifest(30), step => step == 10 ? 9 : 1, Goal.Maximize);

        kept.ShouldBe([Manifest(30), Manifest(20), Manifest(10)]);
    }

    [Fact]
    public void A_value_that_is_no_number_is_never_the_best() =>
        Retention.After([Manifest(20), Manifest(10)], Manifest(30), _ => double.NaN, Goal.Minimize).ShouldBe([Manifest(30), Manifest(20)]);

    [Fact]
    public void A_pinned_one_stays_until_its_last_holder_releases_it()
    {
        var given = TrialScenario.Given(Running).After(new CommitCheckpoint(1, Manifest(10)), new PinCheckpoint("trial-2", 10), new PinCheckpoint("trial-3", 10))
            .After(new CommitCheckpoint(1, Manifest(20)), new CommitCheckpoint(1, Manifest(30)));

        given.State.Live.ShouldBe([Manifest(30), Manifest(20), Manifest(10)]);
        given.After(new ReleaseCheckpoint("trial-2")).State.Live.ShouldBe([Manifest(30), Manifest(20), Manifest(10)]);
        given.After(new ReleaseCheckpoint("trial-2"), new ReleaseCheckpoint("trial-3")).State.Live.ShouldBe([Manifest(30), Manifest(20)]);
    }

    [Fact]
    public void A_pin_is_of_these_very_blobs_and_outlives_a_run_that_makes_the_step_anew()
    {
        var given = TrialScenario.Given(Running).After(new CommitCheckpoint(1, Manifest(10)), new CommitCheckpoint(1, Manifest(20)), new PinCheckpoint("trial-2", 20))
            .After(new EndLease(1, FailureClass.Lost, ""), new GrantLease([Ben]), new CommitCheckpoint(2, Manifest(20, "anew")));

        given.State.Checkpoints.ShouldBe([Manifest(20, "anew"), Manifest(10)]);
        given.State.Live.ShouldContain(Manifest(20));
    }

    [Fact]
    public void Only_what_is_kept_can_be_pinned() => TrialScenario.Given(Running).After(new CommitCheckpoint(1, Manifest(10)))
        .When(new PinCheckpoint("trial-2", 20)).Refusal.ShouldNotBeNull().Reason.ShouldBe("trial fashion/1 keeps no checkpoint of step 20; it has 10");

    [Fact]
    public void A_pin_told_again_and_a_release_of_nothing_change_nothing()
    {
        var given = TrialScenario.Given(Running).After(new CommitCheckpoint(1, Manifest(10)), new PinCheckpoint("trial-2", 10));

        given.When(new PinCheckpoint("trial-2", 10)).ThenNothing();
        given.When(new ReleaseCheckpoint("trial-3")).ThenNothing();
    }

    [Fact]
    public void So_many_are_pinned_and_no_more()
    {
        var given = TrialScenario.Given(Running);
        for (int step = 1; step <= Retention.MaxPins; step++)
            given = given.After(new CommitCheckpoint(1, Manifest(step)), new PinCheckpoint($"trial-{step}", step));
        given = given.After(new CommitCheckpoint(1, Manifest(90)));

        given.When(new PinCheckpoint("trial-90", 90)).Refusal.ShouldNotBeNull().Code.ShouldBe(RefusalCode.Conflict);
        given.When(new PinCheckpoint("trial-90", 5)).Refusal.ShouldBeNull("it is pinned already");
        given.After(new ReleaseCheckpoint("trial-1")).When(new PinCheckpoint("trial-90", 90)).Refusal.ShouldBeNull();
    }

    private static TrialState Committed(params (int Step, double Value)[] checkpoints) => TrialScenario.Given(Running).After(
        [.. checkpoints.SelectMany(IEnumerable<ITrialCommand> (c) => [new ReportMetrics(1, Report(c.Step, c.Value)), new CommitCheckpoint(1, Manifest(c.Step))])]).State;
}
