using GenCluster.Cli.Tests.Support;
using GenCluster.Cli.Watching;
using GenCluster.Core.Identity;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;

namespace GenCluster.Cli.Tests.Watching;

public sealed class SweepScreenTests
{
    private static readonly SweepEstimate Early = new(
        TimeSpan.FromSeconds(95), TimeSpan.FromSeconds(305), new Dictionary<int, TimeSpan> { [1] = TimeSpan.FromSeconds(92), [2] = TimeSpan.FromSeconds(108) });

    private static readonly SweepEstimate Late = new(TimeSpan.FromMinutes(62), null, new Dictionary<int, TimeSpan>());

    [Fact]
    public void Shows_a_running_sweep_at_80_columns()
    {
        Draw(Running(), Early).ShouldMatch("screen-running-80");
    }

    [Fact]
    public void Shows_the_configurations_where_there_is_room()
    {
        Draw(Running(), Early, width: 140).ShouldMatch("screen-running-140");
    }

    [Fact]
    public void Shows_a_finished_sweep()
    {
        Draw(Sweeps.Finished(), Late).ShouldMatch("screen-finished-80");
    }

    [Fact]
    public void Shows_a_failed_sweep()
    {
        var view = Sweeps.View(SweepPhase.Failed, Sweeps.Failed(1, "NaN"), Sweeps.Failed(2, "NaN"), Sweeps.Succeeded(3, 44)) with
        {
            Notices = ["trial 1 failed: the loss of phase generator became NaN at step 212", "trial 2 failed: the loss of phase generator became NaN at step 212"],
        };

        Draw(view, Late).ShouldMatch("screen-failed-80");
    }

    [Fact]
    public void Shows_a_halted_sweep_and_what_the_command_says()
    {
        var view = Sweeps.View(SweepPhase.Halted, Sweeps.Running(1, 310, 60.25), Sweeps.Pending(2)) with
        {
            HaltReason = "no space left",
            Workers = [new(new WorkerId("worker-1"), false, "cpu", null)],
        };

        Draw(view, Late, said: ["worker-1 died: signal 9; starting it again"]).ShouldMatch("screen-halted-80");
    }

    [Fact]
    public void A_large_sweep_fits_a_small_terminal()
    {
        var view = Sweeps.View(SweepPhase.Running, [.. Enumerable.Range(1, 38).Select(n => Sweeps.Succeeded(n, 100 - n)), Sweeps.Running(39, 5), Sweeps.Running(40, 7)]);

        string frame = Draw(view, Early, height: 14);

        frame.ShouldMatch("screen-large-80x14");
        frame.TrimEnd().Split('\n').Length.ShouldBeLessThan(14);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(119)]
    [InlineData(200)]
    public void No_line_is_wider_than_the_terminal(int width)
    {
        Draw(Running(), Early, width).Split('\n').ShouldAllBe(l => l.Length <= width);
    }

    [Fact]
    public void The_newest_samples_are_below_where_they_can_be_shown()
    {
        var view = Running() with { Picture = new LabelledPicture(2, 300, Sweeps.Gradient(16, 8, 1)) };

        Draw(view, Early, pictures: true).ShouldMatch("screen-picture-80");
        Draw(view, Early, pictures: false).ShouldNotContain("▀");
        Draw(view, Early, pictures: true, height: 12).ShouldNotContain("▀");
    }

    [Fact]
    public void A_picture_that_is_not_what_it_says_is_left_out()
    {
        var view = Running() with { Picture = new LabelledPicture(2, 300, new SamplePicture(1000, 1000, 3, [1, 2, 3])) };

        Draw(view, Early, pictures: true).ShouldNotContain("▀");
    }

    [Fact]
    public void Many_workers_are_counted()
    {
        var view = Running();

        Draw(view with { Workers = [.. view.Workers, .. view.Workers, .. view.Workers] }, Early).ShouldContain("\n12 workers: 6 busy, 3 idle, 3 lost\n");
    }

    [Fact]
    public void Text_from_elsewhere_is_shown_as_it_is()
    {
        var view = Running() with { Notices = ["[red]not a colour[/] [[", "x"] };

        Draw(view, Early).ShouldContain("! [red]not a colour[/] [[");
    }

    [Fact]
    public void Before_the_first_view_there_is_something_too()
    {
        TestTerminal.Draw(SweepScreen.Starting(["careful"]), 80).ShouldBe("starting the coordinator\n! careful\n");
    }

    private static SweepView Running() => Sweeps.View(
        SweepPhase.Running, Sweeps.Running(1, 301, 52.125), Sweeps.Running(2, 248, double.NaN), Sweeps.Pending(3)) with
    {
        Workers =
        [
            new(new WorkerId("worker-1"), true, "cpu", new TrialId(Sweeps.Id, 1)),
            new(new WorkerId("worker-2"), true, "cuda:0", new TrialId(Sweeps.Id, 2)),
            new(new WorkerId("worker-3"), false, "cpu", null),
            new(new WorkerId("worker-4"), true, "cpu", null),
        ],
    };

    private static string Draw(
        SweepView view, SweepEstimate estimate, int width = 80, int height = 40, bool pictures = false, IReadOnlyList<string>? said = null) =>
        TestTerminal.Draw(SweepScreen.Of(view, estimate, said ?? [], new ScreenSize(width, height, pictures)), width);
}
