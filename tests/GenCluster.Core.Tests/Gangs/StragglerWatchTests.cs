using GenCluster.Core.Gangs;
using GenCluster.Core.Identity;
using GenCluster.Core.Training;
using static GenCluster.Core.Tests.Support.Samples;

namespace GenCluster.Core.Tests.Gangs;

public sealed class StragglerWatchTests
{
    private static readonly WorkerId Carl = new("carl");

    private readonly StragglerWatch watch = new();

    [Fact]
    public void Nobody_hears_of_a_member_that_is_slow_for_a_moment()
    {
        for (int second = 0; second < 60; second++)
        {
            Note(Anna, 0.010, second).ShouldBeNull();
            Note(Ben, second % 8 == 7 ? 0.010 : 0.030, second).ShouldBeNull();
        }
    }

    [Fact]
    public void A_member_that_stays_slow_is_named_once()
    {
        List<string> alerts = [];
        for (int second = 0; second < 60; second++)
        {
            foreach (var (worker, time) in new[] { (Anna, 0.010), (Ben, 0.025), (Carl, 0.010) })
            {
                if (Note(worker, time, second) is { } alert)
                    alerts.Add(alert);
            }
        }

        alerts.ShouldHaveSingleItem().ShouldStartWith("ben is slow: a shard takes it 25 ms, 2.5 times the gang's median");
    }

    [Fact]
    public void A_member_alone_is_never_slow()
    {
        for (int second = 0; second < 60; second++)
            Note(Anna, 10, second).ShouldBeNull();
    }

    [Fact]
    public void Speeds_are_trusted_when_every_member_has_measured_under_the_lease()
    {
        for (int i = 0; i < StragglerWatch.MeasuresUntilTrusted; i++)
        {
            watch.Trusted([Anna, Ben]).ShouldBeNull();
            Note(Anna, 0.1, i);
            Note(Ben, 0.2, i);
        }

        watch.Trusted([Anna, Ben]).ShouldBe([0.1, 0.2]);
        watch.Regroup([Anna, Ben]);
        watch.Trusted([Anna, Ben]).ShouldBeNull();
    }

    [Fact]
    public void A_member_that_has_not_measured_is_taken_for_a_middling_one()
    {
        watch.Estimated([Anna]).ShouldBeNull();
        Note(Anna, 0.1, 0);
        Note(Ben, 0.2, 0);

        watch.Estimated([Ben, Carl]).ShouldBe([0.2, 0.1]);
    }

    [Fact]
    public void Who_left_the_gang_is_forgotten()
    {
        Note(Anna, 0.1, 0);
        Note(Ben, 0.2, 0);

        watch.Regroup([Ben]);

        (watch.Of(Anna), watch.Of(Ben)?.SecondsPerShard).ShouldBe((null, 0.2));
    }

    private string? Note(WorkerId worker, double seconds, int at) => watch.Note(worker, new MemberMeasure(at, seconds, 0, 0), TimeSpan.FromSeconds(at));
}
