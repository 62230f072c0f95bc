using GenCluster.Core.Gangs;
using GenCluster.Core.Identity;
using GenCluster.Core.Trials;

namespace GenCluster.Core.Tests.Gangs;

/// <summary>A gang of a, b and c that is at work at step 412; from two members to four.</summary>
public sealed class GangRosterTests
{
    private static readonly WorkerId A = new("a"), B = new("b"), C = new("c"), D = new("d"), E = new("e");

    private static readonly GangRoster Working = AllHeard(GangRoster.Of([A, B, C], 2, 4), 412);

    [Fact]
    public void A_gang_at_work_is_left_alone()
    {
        Working.IsSettled.ShouldBeTrue();
        Working.Decide(At(100)).ShouldBeNull();
        GangRoster.Of([A, B, C], 2, 4).Decide(At(100)).ShouldBeNull("it may take its time to form");
    }

    [Fact]
    public void The_survivors_of_a_loss_go_on_at_once_in_their_order()
    {
        var change = Change(Working.Lost(A, FailureClass.Lost, "a was lost"), at: 0);

        change.Members.ShouldBe([B, C]);
        (change.Cause, change.Forced, change.Message).ShouldBe((FailureClass.Lost, true, "a was lost, at step 412; 2 workers go on"));
    }

    [Fact]
    public void Two_losses_are_one_change_and_the_first_reason_counts()
    {
        var change = Change(Working.Lost(C, FailureClass.Hardware, "c: the disk is full").Lost(B, FailureClass.Lost, "b was lost").Lost(C, FailureClass.Lost, "c was lost"), at: 0);

        change.Members.ShouldBe([A]);
        (change.Cause, change.Message, change.Culprit).ShouldBe((FailureClass.Hardware, "c: the disk is full (and 1 more), at step 412; 1 worker goes on", C));
    }

    [Fact]
    public void Who_could_not_reach_another_is_not_the_cause_when_that_one_is_gone_too()
    {
        var change = Change(Working.Lost(A, FailureClass.Lost, "a: the connection to b closed", isEcho: true).Lost(B, FailureClass.Lost, "b was lost"), at: 0);

        (change.Message, change.Culprit).ShouldBe(("b was lost (and 1 more), at step 412; 1 worker goes on", B));
    }

    [Fact]
    public void Too_few_survivors_go_on_to_save_the_state()
    {
        var two = Working.Lost(A, FailureClass.Lost, "").Lost(B, FailureClass.Lost, "");

        var one = two.After(Change(two, at: 0));

        (one.IsDraining, one.Decide(At(9))).ShouldBe((true, null));
    }

    [Fact]
    public void A_gang_of_which_nobody_is_left_is_at_its_end()
    {
        Working.Lost(A, FailureClass.Lost, "a was lost").Lost(B, FailureClass.Lost, "").Lost(C, FailureClass.Lost, "").Decide(At(0))
            .ShouldBe(new GangMove.End(FailureClass.Lost, "a was lost (and 2 more), at step 412", A));
    }

    [Fact]
    public void Who_is_no_member_is_not_lost() => Working.Lost(E, FailureClass.Lost, "").Decide(At(0)).ShouldBeNull();

    [Fact]
    public void A_broken_gang_waits_a_moment_for_the_loss_that_explains_it()
    {
        var broken = Working.Broke(A, C, "the connection to c closed", At(10)).Broke(B, C, "the connection to c closed", At(10.1));

        broken.Decide(At(10.5)).ShouldBe(new GangMove.Wait(At(11)));
        Change(broken.Lost(C, FailureClass.Lost, "c was lost"), at: 10.5).Members.ShouldBe([A, B]);
    }

    [Fact]
    public void A_gang_that_breaks_without_a_loss_forms_anew_with_the_same_members()
    {
        var change = Change(Working.Broke(A, C, "the connection to c closed", At(10)), at: 11);

        change.Members.ShouldBe([A, B, C]);
        (change.Cause, change.Forced, change.Unfit).ShouldBe((null, true, null));
        change.Message.ShouldBe("the gang broke and forms anew: the connection to c closed");
    }

    [Fact]
    public void A_gang_that_breaks_again_without_a_step_loses_the_member_that_most_complain_of()
    {
        var broken = Working.Broke(A, B, "", At(10)).Broke(B, A, "", At(10)).Broke(C, B, "", At(10));
        var again = broken.After(Change(broken, at: 11)).Broke(A, B, "b does not answer", At(20)).Broke(B, A, "", At(20));

        var change = Change(again, at: 21);

        change.Members.ShouldBe([A, C]);
        (change.Cause, change.Unfit).ShouldBe((FailureClass.Lost, B));
        change.Message.ShouldBe("b cannot be reached by the others (b does not answer); 2 workers go on");
    }

    [Fact]
    public void Of_a_pair_that_cannot_connect_the_higher_number_goes()
    {
        var broken = Working.Broke(A, B, "", At(10)).Broke(B, A, "", At(10));
        var again = broken.After(Change(broken, at: 11)).Broke(B, A, "", At(20)).Broke(A, B, "", At(20));

        Change(again, at: 21).Unfit.ShouldBe(B);
    }

    [Fact]
    public void A_step_of_progress_makes_the_next_break_a_first_one()
    {
        var broken = Working.Broke(A, B, "", At(10));
        var again = AllHeard(broken.After(Change(broken, at: 11)), 413).Broke(A, B, "", At(20));

        Change(again, at: 21).Members.ShouldBe([A, B, C]);
    }

    [Fact]
    public void The_same_step_as_before_is_no_progress()
    {
        var broken = Working.Broke(A, B, "", At(10));
        var again = AllHeard(broken.After(Change(broken, at: 11)), 412).Broke(A, B, "", At(20));

        Change(again, at: 21).Members.ShouldBe([A, C]);
    }

    [Fact]
    public void A_complaint_that_is_repeated_counts_once()
    {
        var broken = Working.Broke(A, B, "", At(10)).Broke(A, B, "", At(10)).Broke(C, A, "", At(10));
        var again = broken.After(Change(broken, at: 11)).Broke(B, A, "", At(20));

        Change(again, at: 21).Unfit.ShouldBe(A);
    }

    [Fact]
    public void Joiners_that_are_ready_are_taken_in_together_after_a_step_of_all()
    {
        var joining = Working.Invited(D).Invited(E).Ready(D, At(10));
        joining.Joiners.ShouldBe([D, E]);
        joining.Decide(At(10.5)).ShouldBe(new GangMove.Wait(At(11)), "e may be ready in a moment");

        var change = Change(joining.Ready(E, At(10.6)), at: 10.6);

        change.Members.ShouldBe([A, B, C, D], "four is the most");
        (change.Cause, change.Forced, change.Message).ShouldBe((null, false, "d joined; 4 workers go on"));
    }

    [Fact]
    public void A_joiner_that_takes_its_time_is_not_waited_for_and_gets_another_order()
    {
        var joining = AllHeard(GangRoster.Of([A], 1, 4), 412).Invited(D).Invited(E).Ready(E, At(10));

        var next = joining.After(Change(joining, at: 11));

        next.Members.ShouldBe([A, E]);
        next.Joiners.ShouldBe([D]);
        AllHeard(next, 413).Decide(At(20)).ShouldBeNull("what d holds is of an older lease");
    }

    [Fact]
    public void Nobody_joins_a_gang_that_is_not_at_work_yet()
    {
        var forming = GangRoster.Of([A, B, C], 2, 4).Heard(A, 0).Heard(B, 0).Invited(D).Ready(D, At(0));

        forming.Decide(At(100)).ShouldBeNull();
        Change(forming.Heard(C, 0), at: 100).Members.ShouldBe([A, B, C, D]);
    }

    [Fact]
    public void A_joiner_that_is_ready_fills_the_place_of_one_that_is_lost()
    {
        var change = Change(Working.Invited(D).Ready(D, At(0)).Lost(A, FailureClass.Lost, "a was lost").Lost(B, FailureClass.Lost, ""), at: 0);

        change.Members.ShouldBe([C, D]);
        change.Forced.ShouldBeTrue();
    }

    [Fact]
    public void A_joiner_that_is_lost_is_nobodys_loss()
    {
        var roster = Working.Invited(D).Ready(D, At(0)).Lost(D, FailureClass.Lost, "d was lost");

        roster.Joiners.ShouldBeEmpty();
        roster.Decide(At(10)).ShouldBeNull();
    }

    [Fact]
    public void A_member_leaves_after_a_step_of_all_where_the_others_are_enough()
    {
        var change = Change(Working.Leaving(A, "a leaves", At(0)), at: 0);

        change.Members.ShouldBe([B, C]);
        (change.Cause, change.Forced, change.Message).ShouldBe((FailureClass.Preempted, false, "a leaves; 2 workers go on"));
    }

    [Fact]
    public void Where_the_others_are_too_few_all_stop_after_a_checkpoint()
    {
        var leaving = Working.Leaving(A, "a leaves", At(0)).Leaving(B, "b leaves", At(0));

        leaving.Decide(At(0)).ShouldBe(new GangMove.Drain("a leaves"));
        leaving.Drained().Decide(At(0)).ShouldBeNull();
    }

    [Fact]
    public void Who_leaves_a_gang_that_does_not_settle_goes_by_force()
    {
        var forming = GangRoster.Of([A, B, C], 2, 4).Leaving(A, "a leaves", At(0));

        forming.Decide(At(1)).ShouldBe(new GangMove.Wait(At(2)));
        Change(forming, at: 2).Forced.ShouldBeTrue();
    }

    [Fact]
    public void Whoever_wants_to_leave_goes_with_the_next_change_or_stays_if_it_is_needed()
    {
        Change(AllHeard(GangRoster.Of([A, B, C, D], 2, 4), 1).Leaving(A, "a leaves", At(0)).Lost(B, FailureClass.Lost, ""), at: 0).Members.ShouldBe([C, D]);
        Change(Working.Leaving(A, "a leaves", At(0)).Lost(B, FailureClass.Lost, ""), at: 0).Members.ShouldBe([A, C]);
    }

    [Fact]
    public void The_members_that_are_asked_for_are_spared_never_more_than_the_gang_can_do_without()
    {
        Change(Working.Spared([B], At(0)), at: 0).Members.ShouldBe([A, C]);
        Working.Spared([A, B, C, D], At(0)).Sparing.ShouldBe([C]);
        Working.Spared([C], At(0)).Lost(A, FailureClass.Lost, "").Decide(At(0)).ShouldBeOfType<GangMove.Change>().Members.ShouldBe([B, C], "now it cannot");
    }

    [Fact]
    public void A_draining_gang_takes_nobody_in_and_lets_nobody_go_but_heals()
    {
        var draining = Working.Invited(D).Ready(D, At(0)).Leaving(A, "", At(0)).Drained();

        draining.Joiners.ShouldBeEmpty();
        draining.Decide(At(10)).ShouldBeNull();
        var healed = draining.Lost(A, FailureClass.Lost, "");
        healed.After(Change(healed, at: 10)).IsDraining.ShouldBeTrue();
    }

    [Fact]
    public void A_gang_of_an_earlier_coordinator_goes_on_when_all_have_come_back()
    {
        var recovered = GangRoster.Recovered([A, B, C], 2, 4, At(6));

        recovered.Decide(At(1)).ShouldBe(new GangMove.Wait(At(6)));
        recovered.Seen(A).Seen(C).Seen(B).Decide(At(1)).ShouldBeNull();
    }

    [Fact]
    public void Who_does_not_come_back_in_time_is_lost()
    {
        var recovered = GangRoster.Recovered([A, B, C], 2, 4, At(6)).Seen(A).Seen(C);

        var change = Change(recovered, at: 6);

        change.Members.ShouldBe([A, C]);
        change.Message.ShouldBe("b did not come back after the coordinator was restarted; 2 workers go on");
    }

    [Fact]
    public void A_loss_while_others_may_still_come_back_waits_for_them()
    {
        var recovered = GangRoster.Recovered([A, B, C], 2, 4, At(6)).Seen(A).Lost(B, FailureClass.Lost, "b was lost");

        recovered.Decide(At(1)).ShouldBe(new GangMove.Wait(At(6)));
        Change(recovered.Seen(C), at: 2).Members.ShouldBe([A, C]);
    }

    [Fact]
    public void A_gang_that_cannot_be_told_of_its_lease_gets_another()
    {
        var recovered = GangRoster.Recovered([A, B, C], 2, 4, At(6)).Seen(A).Seen(B).Obsolete("the coordinator was restarted", At(1));

        recovered.Decide(At(1)).ShouldBe(new GangMove.Wait(At(6)));
        var change = Change(recovered.Seen(C), at: 2);
        change.Members.ShouldBe([A, B, C]);
        (change.Cause, change.Forced, change.Message).ShouldBe((null, true, "the coordinator was restarted"));
    }

    [Fact]
    public void A_gang_at_work_that_cannot_be_told_of_its_lease_finishes_its_step_first() =>
        Change(Working.Obsolete("the coordinator was restarted", At(1)), at: 1).Forced.ShouldBeFalse();

    [Fact]
    public void A_member_that_is_done_is_no_loss_and_is_not_counted_on()
    {
        var done = Working.Finished(C);

        done.Decide(At(0)).ShouldBeNull();
        Change(done.Lost(A, FailureClass.Lost, ""), at: 0).Members.ShouldBe([B]);
    }

    private static GangMove.Change Change(GangRoster roster, double at) => roster.Decide(At(at)).ShouldBeOfType<GangMove.Change>();

    private static GangRoster AllHeard(GangRoster roster, int step) => roster.Members.Aggregate(roster, (r, m) => r.Heard(m, step));

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
