using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using GenCluster.Core.Training;
using static GenCluster.Core.Tests.Support.Samples;

namespace GenCluster.Core.Tests.Training;

public sealed class RunControlTests
{
    [Fact]
    public void A_run_goes_on_until_somebody_asks()
    {
        using var control = new RunControl();

        (control.DrainRequested, control.Aborted.IsCancellationRequested).ShouldBe((false, false));
        control.TakeKept().ShouldBeNull();
    }

    [Fact]
    public void To_drain_is_not_to_abort()
    {
        using var control = new RunControl();

        control.Drain();

        (control.DrainRequested, control.Aborted.IsCancellationRequested).ShouldBe((true, false));
    }

    [Fact]
    public void An_abort_cancels_what_waits()
    {
        using var control = new RunControl();
        bool heard = false;
        using var registration = control.Aborted.Register(() => heard = true);

        control.Abort();

        (control.DrainRequested, heard).ShouldBe((false, true));
    }

    [Fact]
    public void Kept_checkpoints_are_taken_once_and_the_newest_word_counts()
    {
        using var control = new RunControl();
        CheckpointAnswer older = new(1, 10, [Manifest(10)]), newer = new(1, 20, [Manifest(20), Manifest(10)]);

        control.Keep(older);
        control.Keep(newer);

        control.TakeKept().ShouldBeSameAs(newer);
        control.TakeKept().ShouldBeNull();
        control.Keep(older);
        control.TakeKept().ShouldBeSameAs(older);
    }

    [Fact]
    public void The_order_of_the_highest_epoch_waits_to_be_taken()
    {
        using var control = new RunControl();
        (control.PendingOrder, control.TakeOrder(), control.Taken).ShouldBe((null, null, null));

        control.Regroup(Order(3));
        control.Regroup(Order(2));

        control.PendingOrder!.Lease.Epoch.ShouldBe(3);
        control.TakeOrder()!.Lease.Epoch.ShouldBe(3);
        (control.PendingOrder, control.TakeOrder(), control.Taken!.Lease.Epoch).ShouldBe((null, null, 3));
        control.Regroup(Order(3));
        control.PendingOrder.ShouldBeNull("it was taken before");
    }

    [Fact]
    public void Only_a_forced_order_frees_who_waits_for_the_gang()
    {
        using var control = new RunControl();
        var gang = control.Superseded;

        control.Regroup(Order(2));
        gang.IsCancellationRequested.ShouldBeFalse();
        control.Regroup(Order(3, forced: true));
        gang.IsCancellationRequested.ShouldBeTrue();

        control.TakeOrder();
        control.Superseded.IsCancellationRequested.ShouldBeFalse("the next gang has its own");
    }

    [Fact]
    public void A_planned_order_after_a_forced_one_that_nobody_took_does_not_mend_the_gang()
    {
        using var control = new RunControl();

        control.Regroup(Order(2, forced: true));
        control.Regroup(Order(3));

        control.TakeOrder()!.Forced.ShouldBeTrue();
    }

    [Fact]
    public void Who_waits_gets_the_order_that_is_there_or_comes()
    {
        using var control = new RunControl();
        control.Regroup(Order(2));
        control.WaitForOrder()!.Lease.Epoch.ShouldBe(2);

        var waiting = Waiting(control);
        control.Regroup(Order(3));

        waiting.Join();
        control.Taken!.Lease.Epoch.ShouldBe(3);
    }

    [Fact]
    public void A_drain_does_not_end_the_wait_of_one_that_holds_what_is_nowhere_else()
    {
        using var control = new RunControl();
        control.Drain();
        control.WaitForOrder(mayDrain: true).ShouldBeNull();

        control.Regroup(Order(2));

        control.WaitForOrder(mayDrain: false)!.Lease.Epoch.ShouldBe(2);
        control.Abort();
        Should.Throw<OperationCanceledException>(() => control.WaitForOrder(mayDrain: false));
    }

    [Fact]
    public void A_lease_is_sure_for_a_while_after_it_was_confirmed()
    {
        var clock = new ManualClock();
        using var control = new RunControl(clock);
        control.IsConfirmed.ShouldBeFalse("nobody has said so");

        long sentAt = clock.GetTimestamp();
        clock.Pass(Seconds(1.5));
        control.Confirm(sentAt, Seconds(2));

        control.IsConfirmed.ShouldBeTrue();
        control.WaitUntilConfirmed();
        clock.Pass(Seconds(0.5));
        control.IsConfirmed.ShouldBeFalse("it counts from when it was asked for");
    }

    [Fact]
    public void Who_waits_for_a_sure_lease_hears_of_it_and_of_its_end()
    {
        var clock = new ManualClock();
        using var confirmed = new RunControl(clock);
        var waiting = new Thread(confirmed.WaitUntilConfirmed);
        waiting.Start();
        confirmed.Confirm(clock.GetTimestamp(), Seconds(2));
        waiting.Join();

        using var aborted = new RunControl(clock);
        aborted.Abort();
        Should.Throw<OperationCanceledException>(aborted.WaitUntilConfirmed);
    }

    [Fact]
    public void Where_nobody_confirms_a_lease_it_is_taken_to_be_in_force()
    {
        using var control = new RunControl();

        control.IsConfirmed.ShouldBeTrue();
        control.Confirm(0, TimeSpan.Zero);
        control.IsConfirmed.ShouldBeTrue();
    }

    [Fact]
    public void A_pulse_beats_at_every_change_and_says_what_the_thread_does()
    {
        var pulse = new RunPulse();
        pulse.Reading.ShouldBe((0, false));
        pulse.Work();
        pulse.Reading.ShouldBe((1, true));
        pulse.Rest();
        pulse.Reading.ShouldBe((2, false));
    }

    [Fact]
    public void A_drain_ends_the_wait_without_an_order_and_an_abort_breaks_it_off()
    {
        using var drained = new RunControl();
        var waiting = Waiting(drained);
        drained.Drain();
        waiting.Join();
        drained.Taken.ShouldBeNull();

        using var aborted = new RunControl();
        waiting = Waiting(aborted);
        aborted.Abort();
        waiting.Join();
        Should.Throw<OperationCanceledException>(() => aborted.WaitForOrder());
    }

    private static Thread Waiting(RunControl control)
    {
        var thread = new Thread(() =>
        {
            try
            {
                control.WaitForOrder();
            }
            catch (OperationCanceledException)
            {
                // as it should
            }
        });
        thread.Start();
        return thread;
    }

    private static TrialOrder Order(long epoch, bool forced = false) =>
        new(new Lease(Trial, epoch), Definition, [new GangMember(Anna, "localhost", 1, 2)], 0, new byte[32], [], forced, []);

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private sealed class ManualClock : TimeProvider
    {
        private long now = 1_000_000;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Volatile.Read(ref now);

        public void Pass(TimeSpan time) => Interlocked.Add(ref now, time.Ticks);
    }
}
