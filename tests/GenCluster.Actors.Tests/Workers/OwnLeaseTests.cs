using GenCluster.Actors.Workers;

namespace GenCluster.Actors.Tests.Workers;

public sealed class OwnLeaseTests
{
    private readonly ManualClock clock = new();
    private readonly OwnLease lease;

    public OwnLeaseTests()
    {
        lease = new OwnLease(clock);
    }

    [Fact]
    public void A_heartbeat_counts_from_when_it_was_sent_whenever_its_answer_comes()
    {
        long number = lease.Beat();
        long sentAt = clock.Now;
        clock.Now += 900;

        lease.Answered(number).ShouldBeTrue();

        lease.ConfirmedAt.ShouldBe(sentAt);
    }

    [Fact]
    public void Before_the_first_answer_the_lease_is_not_sure() => (clock.Now - lease.ConfirmedAt).ShouldBeGreaterThanOrEqualTo((long)OwnLease.Time.TotalMilliseconds);

    [Fact]
    public void An_answer_that_lay_in_a_buffer_says_nothing_of_now()
    {
        long number = lease.Beat();
        long sentAt = clock.Now;
        clock.Now += 60_000; // frozen

        lease.Beat();
        lease.Answered(number);

        lease.ConfirmedAt.ShouldBe(sentAt);
    }

    [Fact]
    public void Answers_that_come_twice_late_or_from_nowhere_change_nothing()
    {
        long first = lease.Beat();
        clock.Now += 500;
        long second = lease.Beat();
        lease.Answered(second).ShouldBeTrue();
        long confirmed = lease.ConfirmedAt;

        lease.Answered(second).ShouldBeFalse();
        lease.Answered(first).ShouldBeFalse();
        lease.Answered(99).ShouldBeFalse();
        lease.ConfirmedAt.ShouldBe(confirmed);
    }

    [Fact]
    public void Answers_that_are_lost_are_made_up_for_by_the_next()
    {
        for (int i = 0; i < 100; i++)
        {
            clock.Now += 500;
            lease.Beat();
        }

        lease.Answered(100).ShouldBeTrue();
        lease.ConfirmedAt.ShouldBe(clock.Now);
    }

    private sealed class ManualClock : TimeProvider
    {
        public long Now { get; set; } = 1_000_000;

        public override long TimestampFrequency => 1_000;

        public override long GetTimestamp() => Now;
    }
}
