using GenCluster.Core.Sweeps;

namespace GenCluster.Cli.Watching;

/// <summary>Lines, for pipes, files and people who like them.</summary>
public sealed class PlainDisplay(TextWriter output, TimeProvider time) : ISweepDisplay
{
    private readonly Lock gate = new();
    private readonly PlainProgress progress = new(time);

    public void Show(SweepView view)
    {
        lock (gate)
        {
            foreach (string line in progress.Lines(view))
                output.WriteLine(line);
        }
    }

    public void Say(string line)
    {
        lock (gate)
            output.WriteLine(line);
    }

    public void Abandon()
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
