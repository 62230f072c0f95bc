using GenCluster.Cli.Tests.Support;
using GenCluster.Cli.Watching;
using GenCluster.Core.Identity;
using GenCluster.Core.Sweeps;

namespace GenCluster.Cli.Tests.Watching;

public sealed class PlainProgressTests
{
    private readonly ManualTime time = new();

    [Fact]
    public void Tells_a_whole_sweep()
    {
        var progress = new PlainProgress(time);
        SweepView[] story =
        [
            Sweeps.View(SweepPhase.Running) with { Workers = [] },
            Sweeps.View(SweepPhase.Running, Sweeps.Pending(1), Sweeps.Pending(2)),
            Sweeps.View(SweepPhase.Running, Sweeps.Running(1, 0), Sweeps.Pending(2)),
            Sweeps.View(SweepPhase.Running, Sweeps.Running(1, 16), Sweeps.Running(2, 1)),
            Sweeps.View(SweepPhase.Running, Sweeps.Running(1, 150, 82.5), Sweeps.Running(2, 140)),
            Sweeps.View(SweepPhase.Running, Sweeps.Running(1, 166, 82.5), Sweeps.Running(2, 150)) with { Notices = ["checkpoint of trial 1 at step 100 is damaged; using step 50"] },
            Sweeps.View(SweepPhase.Running, Sweeps.Running(1, 166, 82.5) with { Attempts = 2 }, Sweeps.Failed(2, "the loss became NaN")) with
            {
                Workers = [new(new WorkerId("worker-1"), true, "cpu", null), new(new WorkerId("worker-2"), false, "cpu", null)],
                Notices = ["checkpoint of trial 1 at step 100 is damaged; using step 50", "worker-2 was lost"],
            },
            Sweeps.View(SweepPhase.Succeeded, Sweeps.Succeeded(1, 52.125), Sweeps.Failed(2, "the loss became NaN")),
        ];

        var lines = story.SelectMany(view =>
        {
            time.Advance(TimeSpan.FromSeconds(6));
            return progress.Lines(view);
        });

        string.Join('\n', lines).ShouldMatch("plain-progress");
    }

    [Fact]
    public void The_mere_passing_of_steps_is_told_now_and_then_only()
    {
        var progress = new PlainProgress(time);
        progress.Lines(Sweeps.View(SweepPhase.Running, Sweeps.Running(1, 0)));

        int lines = 0;
        for (int step = 1; step <= 600; step++)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            lines += progress.Lines(Sweeps.View(SweepPhase.Running, Sweeps.Running(1, step))).Count;
        }

        lines.ShouldBe(12); // a minute
    }

    [Fact]
    public void Nothing_is_said_when_nothing_changed()
    {
        var progress = new PlainProgress(time);
        var view = Sweeps.View(SweepPhase.Running, Sweeps.Running(1, 5, double.NaN));
        progress.Lines(view);
        time.Advance(TimeSpan.FromMinutes(1));

        progress.Lines(view).ShouldBeEmpty();
    }

    [Fact]
    public void No_notice_is_told_twice_when_old_ones_fall_off_the_list()
    {
        var progress = new PlainProgress(time);
        var view = Sweeps.View(SweepPhase.Running);
        progress.Lines(view with { Notices = ["a", "b", "c"] });

        progress.Lines(view with { Notices = ["b", "c", "d"] }).ShouldBe(["notice: d"]);
    }
}
