using GenCluster.Core.Sweeps;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace GenCluster.Cli.Watching;

/// <summary>A table that redraws itself in place a few times a second.</summary>
public sealed class LiveDisplay : ISweepDisplay
{
    private const string ShowCursor = "\e[?25h";
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(400);

    private readonly Lock gate = new();
    private readonly IAnsiConsole terminal;
    private readonly TimeProvider time;
    private readonly ProgressClock clock;
    private readonly List<string> said = [];
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task drawing;
    private SweepView? view;

    public LiveDisplay(IAnsiConsole terminal, TimeProvider time)
    {
        this.terminal = terminal;
        this.time = time;
        clock = new ProgressClock(time);
        drawing = Task.Run(DrawAsync);
    }

    public void Show(SweepView view)
    {
        lock (gate)
            this.view = view;
    }

    public void Say(string line)
    {
        lock (gate)
            said.Add(line);
    }

    public void Abandon()
    {
        ended.TrySetResult();
        terminal.Profile.Out.Writer.Write(ShowCursor);
    }

    public async ValueTask DisposeAsync()
    {
        ended.TrySetResult();
        await drawing;
    }

    private async Task DrawAsync()
    {
        try
        {
            var live = terminal.Live(Picture()).AutoClear(false).Overflow(VerticalOverflow.Crop).Cropping(VerticalOverflowCropping.Bottom);
            await live.StartAsync(async context =>
            {
                while (!ended.Task.IsCompleted)
                {
                    context.UpdateTarget(Picture());
                    await Task.WhenAny(ended.Task, Task.Delay(Frame, time));
                }

                context.UpdateTarget(Picture());
            });
        }
        catch (IOException)
        {
            // The terminal is gone; the sweep is not.
        }
    }

    private IRenderable Picture()
    {
        lock (gate)
        {
            var screen = new ScreenSize(terminal.Profile.Width, terminal.Profile.Height, terminal.CanShowPictures());
            return view is null ? SweepScreen.Starting(said) : SweepScreen.Of(view, clock.Estimate(view), said, screen);
        }
    }
}
