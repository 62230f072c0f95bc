using GenCluster.Actors.Workers;

namespace GenCluster.Actors.Tests.Workers;

public sealed class HeartbeatPaceTests
{
    [Theory]
    [InlineData(false, 24, "at each tick")]
    [InlineData(true, 6, "every two seconds")]
    public void In_twelve_seconds_it_says_that_it_lives(bool isIdle, int times, string why)
    {
        int said = 0;
        TimeSpan last = TimeSpan.Zero;
        for (int tick = 1; tick <= 24; tick++)
        {
            var now = (tick * HeartbeatPace.Tick) + TimeSpan.FromMilliseconds(tick % 2 == 0 ? -20 : 20); // a clock is not exact
            if (!HeartbeatPace.IsDue(isIdle, now - last))
                continue;
            last = now;
            said++;
        }

        said.ShouldBe(times, why);
    }

    [Fact]
    public void An_answer_may_be_as_late_with_a_trial_as_without()
    {
        HeartbeatPace.SilenceLimit(isIdle: false).ShouldBe(TimeSpan.FromSeconds(3));
        HeartbeatPace.SilenceLimit(isIdle: true).ShouldBe(TimeSpan.FromSeconds(4.5));
    }
}
