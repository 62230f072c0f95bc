using GenCluster.Core.Identity;
using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Tests.Support;
using GenCluster.Core.Trials;
using static GenCluster.Core.Tests.Support.Samples;

namespace GenCluster.Core.Tests.Sweeps;

/// <summary>What is late, early, or said again.</summary>
public sealed class InheritanceRulesTests
{
    private static readonly SweepSubmitted Judged = new(Sweep, Spec with { EarlyStopping = new EarlyStoppingSpec("pbt", Assignment.Empty) }, At: 1_000);

    /// <summary>Trial 1 waits at step 10; trial 2 trains to it, and has reported there.</summary>
    private static readonly ISweepEvent[] Reported =
    [
        Judged, new TrialProposed(1, LearningRate(1), 10), new TrialReported(1, Report(10, 50)), new TrialArrived(1, 10),
        new TrialProposed(2, LearningRate(2), 10), new TrialReported(2, Report(10, 20)),
    ];

    private static readonly Move.Replace Inherits = new(1, new Ruling(10, "worst"), 2, 10, LearningRate(3), 20);

    [Fact]
    public void Nobody_inherits_from_a_checkpoint_that_is_not_stored_yet()
    {
        SweepScenario.Given(Reported).When(new TakeMoves([Inherits])).Events.ShouldBeEmpty("a report comes before its checkpoint");

        SweepScenario.Given([.. Reported, new TrialArrived(2, 10)]).When(new TakeMoves([Inherits])).Events.ShouldBe([new TrialMoved(Inherits, 3)]);
    }

    [Fact]
    public void A_parent_that_went_on_after_the_milestone_has_stored_it()
    {
        SweepScenario.Given([.. Reported, new TrialArrived(2, 10), new TrialMoved(new Move.Resume(2, 20))])
            .When(new TakeMoves([Inherits])).Events.ShouldBe([new TrialMoved(Inherits, 3)]);
    }

    [Fact]
    public void An_heir_that_is_cancelled_before_it_begins_gives_back_what_may_be_pinned_for_it()
    {
        ISweepEvent[] events = [.. Reported, new TrialArrived(2, 10), new TrialMoved(Inherits, 3), new SweepControlled(Verb.Cancel, 3, "ada", SweepPhase.Running)];

        var ended = SweepScenario.Given([.. events, new TrialEnded(3, Cancelled)]);

        ended.State.Trials[3].HoldsParent.ShouldBeTrue("the pin was asked for, and its answer may be on its way");
        ended.When(new WeanTrial(3)).Events.ShouldBe([new TrialWeaned(3)]);
        SweepScenario.Given([.. events, new TrialEnded(3, Cancelled), new TrialWeaned(3)]).State.Trials[3].HoldsParent.ShouldBeFalse();
    }

    [Fact]
    public void An_heir_that_began_anew_has_no_parent_and_does_so_again_when_it_is_retried()
    {
        ISweepEvent[] events = [.. Reported, new TrialArrived(2, 10), new TrialMoved(Inherits, 3), new TrialInherited(3, null, "it is gone"), new TrialEnded(3, Failed)];

        var retried = SweepScenario.Given([.. events, new SweepControlled(Verb.Retry, 3, "ada", SweepPhase.Running)]);

        var heir = retried.State.Trials[3];
        (heir.Parent, heir.Origin, heir.AwaitsOrigin, heir.HoldsParent).ShouldBe((null, null, false, false));
        retried.When(new RecordOrigin(3, new TrialOrigin(new TrialId(Sweep, 2), Manifest(10)))).Events.ShouldBeEmpty();
    }

    [Fact]
    public void A_report_that_comes_after_a_newer_one_is_not_judged_any_more()
    {
        SweepScenario.Given(Judged, new TrialProposed(1, LearningRate(1)), new TrialReported(1, Report(20, 50)))
            .When(new RecordReport(1, Report(10, 99), new Ruling(10, "too high"))).Events.ShouldBeEmpty();
    }
}
