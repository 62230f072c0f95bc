using FsCheck.Xunit;
using GenCluster.Core.Workers;

namespace GenCluster.Core.Tests.Workers;

/// <summary>The run is looked at every half second; steps take a tenth of one unless a test says otherwise.</summary>
public sealed class ProgressWatchTests
{
    private readonly ProgressWatch watch = new();
    private TimeSpan now = TimeSpan.FromHours(3);
    private long beats;

    [Fact]
    public void A_run_that_steps_is_never_found()
    {
        for (int look = 0; look < 10_000; look++)
            Look(steps: 5).ShouldBeNull();
    }

    [Fact]
    public void A_run_that_hangs_is_found_after_a_minute()
    {
        Run(seconds: 30);

        int seconds = SecondsUntilFound();

        seconds.ShouldBeInRange(60, 61);
        Look(0).ShouldBe("makes no step: it has been at one for 61 s, and one usually takes 0.1 s");
    }

    [Fact]
    public void Slow_steps_get_ten_times_their_time()
    {
        for (int step = 0; step < 50; step++)
        {
            for (int look = 0; look < 39; look++)
                Look(0).ShouldBeNull();
            Look(1).ShouldBeNull();
        }

        SecondsUntilFound().ShouldBeInRange(195, 205);
    }

    [Fact]
    public void The_first_step_may_take_ten_minutes()
    {
        Look(1);

        SecondsUntilFound().ShouldBeInRange(599, 601);
        Look(0)!.ShouldEndWith("and it is the first");
    }

    [Fact]
    public void Waiting_and_storing_may_take_any_time()
    {
        Run(seconds: 30);

        for (int look = 0; look < 100_000; look++)
            Look(0, works: false).ShouldBeNull();
        Look(0).ShouldBeNull("the time counts from when it works again");
    }

    [Fact]
    public void A_process_that_was_frozen_does_not_blame_its_run()
    {
        Run(seconds: 30);

        now += TimeSpan.FromHours(2);

        Look(0).ShouldBeNull();
        SecondsUntilFound().ShouldBeInRange(57, 60);
    }

    [Property(MaxTest = 200)]
    public void Nobody_is_found_before_the_least_time_whatever_happened(int seed)
    {
        var random = new Random(seed);
        var any = new ProgressWatch();
        var (at, idle, beat) = (TimeSpan.Zero, TimeSpan.Zero, 0L);
        for (int look = 0; look < 500; look++)
        {
            var passed = TimeSpan.FromSeconds(random.Next(4) == 0 ? random.Next(100) : random.NextDouble());
            bool steps = random.Next(30) == 0;
            (at, beat) = (at + passed, beat + (steps ? random.Next(1, 9) : 0));
            bool works = random.Next(50) > 0;
            idle = steps || !works ? TimeSpan.Zero : idle + (passed < ProgressWatch.LongestLook ? passed : ProgressWatch.LongestLook);
            if (any.Look(beat, works, at) is not null)
                idle.ShouldBeGreaterThanOrEqualTo(ProgressWatch.Least, $"seed {seed}");
        }
    }

    private void Run(int seconds)
    {
        for (int look = 0; look < 2 * seconds; look++)
            Look(steps: 5);
    }

    private int SecondsUntilFound()
    {
        var since = now;
        while (Look(0) is null)
            (now - since).ShouldBeLessThan(TimeSpan.FromHours(1));
        return (int)(now - since).TotalSeconds;
    }

    private string? Look(int steps, bool works = true)
    {
        now += TimeSpan.FromSeconds(0.5);
        beats += steps;
        return watch.Look(beats, works, now);
    }
}
