using GenCluster.Cli.Tests.Support;
using GenCluster.Cli.Watching;

namespace GenCluster.Cli.Tests.Watching;

public sealed class LiveDisplayTests
{
    [Fact]
    public async Task The_last_frame_stays_on_the_screen()
    {
        using var screen = new StringWriter();
        await using (var display = new LiveDisplay(TestTerminal.Create(screen, 80), new ManualTime()))
        {
            display.Say("worker-1 died");
            display.Show(Sweeps.Finished());
        }

        screen.ToString().ShouldContain("clothes  succeeded  4/4 trials");
        screen.ToString().ShouldContain("! worker-1 died");
    }

    [Fact]
    public async Task The_cursor_is_back_when_it_is_abandoned()
    {
        using var screen = new StringWriter();
        await using var display = new LiveDisplay(TestTerminal.Create(screen, 80, colors: true), new ManualTime());

        display.Abandon();

        screen.ToString().ShouldContain("\e[?25h");
    }
}
