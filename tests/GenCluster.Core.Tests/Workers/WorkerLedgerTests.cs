using GenCluster.Core.Identity;
using GenCluster.Core.Placement;
using GenCluster.Core.Workers;
using static GenCluster.Core.Tests.Support.Samples;

namespace GenCluster.Core.Tests.Workers;

/// <summary>Leases here take ten seconds; times are seconds of the caller's clock.</summary>
public sealed class WorkerLedgerTests
{
    private static readonly Guid First = new("00000000-0000-0000-0000-000000000001"), Second = new("00000000-0000-0000-0000-000000000002");

    private readonly WorkerLedger ledger = new(Seconds(10));

    [Fact]
    public void A_worker_that_says_hello_is_free_and_leased()
    {
        Attach(Ben, First, at: 5).ShouldBe(new WorkerSlot(Ben, First, "cpu", "localhost", 4711, Seconds(15), null) { FreeSince = Seconds(5), Seat = 1 });
        Attach(Anna, First, at: 5);

        ledger.Free.ShouldBe([Anna, Ben], "by name");
        ledger.Slots.Select(s => s.Worker).ShouldBe([Anna, Ben]);
        ledger.Find(new WorkerId("carl")).ShouldBeNull();
    }

    [Fact]
    public void A_lease_that_is_renewed_does_not_end()
    {
        Attach(Anna, First, at: 0);

        ledger.Renew(Anna, First, Seconds(9)).ShouldBeTrue();

        ledger.Expire(Seconds(18)).ShouldBeEmpty();
        ledger.Expire(Seconds(19)).Single().Worker.ShouldBe(Anna);
        ledger.Slots.ShouldBeEmpty();
    }

    [Fact]
    public void An_unknown_worker_or_another_start_of_it_has_to_say_hello()
    {
        Attach(Anna, First, at: 0);

        ledger.Renew(Ben, First, Seconds(1)).ShouldBeFalse();
        ledger.Renew(Anna, Second, Seconds(1)).ShouldBeFalse();
        ledger.Find(Anna)!.Deadline.ShouldBe(Seconds(10), "a stranger does not prolong its lease");
    }

    [Fact]
    public void Only_leases_that_have_ended_expire()
    {
        Attach(Anna, First, at: 0);
        Attach(Ben, First, at: 3);

        ledger.Expire(Seconds(9.9)).ShouldBeEmpty();
        ledger.Expire(Seconds(10)).Select(s => s.Worker).ShouldBe([Anna]);
        ledger.Expire(Seconds(10)).ShouldBeEmpty();
        ledger.Find(Ben).ShouldNotBeNull();
    }

    [Fact]
    public void A_suspicion_only_shortens_a_lease()
    {
        Attach(Anna, First, at: 0);

        ledger.Suspect(Anna, LossHints.Disconnected, Seconds(2));
        ledger.Find(Anna)!.Deadline.ShouldBe(Seconds(3));

        ledger.Suspect(Anna, LossHints.Disconnected, Seconds(2.5));
        ledger.Find(Anna)!.Deadline.ShouldBe(Seconds(3), "the same hint again is no other one, and gives no second chance");

        ledger.Suspect(Ben, LossHints.Disconnected, Seconds(2));
        ledger.Find(Ben).ShouldBeNull();
    }

    [Fact]
    public void A_peers_word_leaves_more_time_than_a_closed_connection_as_peers_may_be_wrong()
    {
        Attach(Anna, First, at: 0);

        ledger.Suspect(Anna, LossHints.Blamed, Seconds(2));

        ledger.Find(Anna)!.Deadline.ShouldBe(Seconds(7));
    }

    [Theory]
    [InlineData(LossHints.Disconnected, LossHints.Blamed)]
    [InlineData(LossHints.Blamed, LossHints.Disconnected)]
    public void Two_independent_hints_end_a_lease_at_once(LossHints first, LossHints second)
    {
        Attach(Anna, First, at: 0);
        ledger.Suspect(Anna, first, Seconds(2));
        ledger.Expire(Seconds(2.1)).ShouldBeEmpty();

        ledger.Suspect(Anna, second, Seconds(2.2));

        ledger.Expire(Seconds(2.2)).ShouldHaveSingleItem().Worker.ShouldBe(Anna);
    }

    [Fact]
    public void A_hint_is_void_when_the_worker_was_heard_of_since()
    {
        Attach(Anna, First, at: 0);
        ledger.Suspect(Anna, LossHints.Blamed, Seconds(2));
        ledger.Renew(Anna, First, Seconds(2.1));

        ledger.Suspect(Anna, LossHints.Disconnected, Seconds(2.2));

        ledger.Expire(Seconds(2.3)).ShouldBeEmpty();
    }

    [Fact]
    public void A_worker_is_idle_when_it_has_been_free_for_a_while()
    {
        Attach(Anna, First, at: 0);
        Attach(Ben, First, at: 0);
        ledger.Place(Trial, [Anna, Ben]);
        ledger.Release(Trial, Anna, Seconds(7));
        ledger.Renew(Anna, First, Seconds(8));

        IsIdle(Anna, at: 8).ShouldBeFalse();
        IsIdle(Anna, at: 9).ShouldBeTrue("a heartbeat changes nothing");

        bool IsIdle(WorkerId worker, double at) => ledger.OfferAt(Seconds(at), Seconds(2), _ => WorkerFitness.Fit).Single(w => w.Worker == worker).IsIdle;
    }

    [Fact]
    public void Placement_is_told_who_holds_what_in_the_order_in_which_they_came()
    {
        Attach(Anna, First, at: 0);
        ledger.Attach(Ben, First, "cuda", "10.0.0.2", 4100, null, Seconds(0), new DeviceMemory("gpu-0", 8));
        ledger.Place(Trial, [Ben]);
        ledger.Place(Trial, [Anna]);

        var offers = ledger.OfferAt(Seconds(1), Seconds(2), worker => worker == Ben ? WorkerFitness.Probe : WorkerFitness.Fit);

        offers.OrderBy(w => w.Seat).Select(w => (w.Worker, w.Trial)).ShouldBe([(Ben, Trial), (Anna, Trial)]);
        var ben = offers.Single(w => w.Worker == Ben);
        (ben.Host, ben.Device, ben.Shared, ben.Fitness).ShouldBe(("10.0.0.2", "cuda", new DeviceMemory("gpu-0", 8), WorkerFitness.Probe));
    }

    [Fact]
    public void A_suspect_that_is_heard_of_is_in_good_standing_again()
    {
        Attach(Anna, First, at: 0);
        ledger.Suspect(Anna, LossHints.Disconnected, Seconds(2));

        ledger.Renew(Anna, First, Seconds(2.5)).ShouldBeTrue();

        ledger.Expire(Seconds(12)).ShouldBeEmpty();
    }

    [Fact]
    public void Everybody_gets_a_fresh_lease_when_the_coordinator_was_away()
    {
        Attach(Anna, First, at: 0);
        Attach(Ben, First, at: 5);

        ledger.RenewAll(Seconds(60));

        ledger.Slots.ShouldAllBe(s => s.Deadline == Seconds(70));
    }

    [Fact]
    public void A_gang_is_placed_and_released_as_one()
    {
        Attach(Anna, First, at: 0);
        Attach(Ben, First, at: 0);
        Attach(new WorkerId("carl"), First, at: 0);

        ledger.Place(Trial, [Anna, Ben]);
        ledger.Slots.Count(s => s.Trial == Trial).ShouldBe(2);
        ledger.Free.ShouldBe([new WorkerId("carl")]);
        ledger.Find(Anna)!.Trial.ShouldBe(Trial);

        ledger.Release(new TrialId(Sweep, 2), Seconds(1));
        ledger.Free.Count().ShouldBe(1, "another trial's end frees nobody");

        ledger.Release(Trial, Seconds(1));
        ledger.Free.Count().ShouldBe(3);
    }

    [Fact]
    public void A_process_that_was_started_again_runs_nothing()
    {
        Attach(Anna, First, at: 0);
        ledger.Place(Trial, [Anna]);

        Attach(Anna, Second, at: 5).Trial.ShouldBeNull();
    }

    [Fact]
    public void A_worker_that_holds_a_trial_is_placed_on_it_by_a_new_coordinator()
    {
        Attach(Anna, First, at: 0, held: Trial).Trial.ShouldBe(Trial);
        ledger.Free.ShouldBeEmpty();
    }

    [Fact]
    public void A_removed_worker_is_returned_as_it_was()
    {
        var slot = Attach(Anna, First, at: 0, held: Trial);

        ledger.Remove(Anna).ShouldBe(slot);
        ledger.Remove(Anna).ShouldBeNull();
        ledger.Slots.ShouldBeEmpty();
    }

    private WorkerSlot Attach(WorkerId worker, Guid instance, double at, TrialId? held = null) =>
        ledger.Attach(worker, instance, "cpu", "localhost", 4711, held, Seconds(at));

    private static TimeSpan Seconds(double value) => TimeSpan.FromSeconds(value);
}
