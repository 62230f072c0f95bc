using FsCheck.Xunit;
using GenCluster.Core.Placement;

namespace GenCluster.Core.Tests.Placement;

public sealed class ReservationTests
{
    /// <summary>Over all ways in which gangs can end: so many workers fewer change nothing, one more does.</summary>
    [Property(MaxTest = 500)]
    public void What_others_may_use_never_delays_the_head_and_one_more_could(int seed)
    {
        var random = new Random(seed);
        int[] gangs = [.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => random.Next(1, 9))];
        int missing = random.Next(1, gangs.Sum() + 1);

        int spare = Reservation.Spare(missing, gangs);

        bool Delays(int taken) => Enumerable.Range(0, 1 << gangs.Length)
            .Select(ended => gangs.Where((_, i) => (ended & (1 << i)) != 0).Sum())
            .Any(sum => sum >= missing && sum - taken < missing);
        Delays(spare).ShouldBeFalse();
        Delays(spare + 1).ShouldBeTrue();
    }

    [Fact]
    public void A_head_that_no_end_of_gangs_can_serve_leaves_nothing_to_others()
    {
        Reservation.Spare(5, [2, 2]).ShouldBe(0);
        Reservation.Spare(1, []).ShouldBe(0);
    }
}
