namespace GenCluster.Cli.Runs;

/// <summary>The wish to stop: the first signal asks for a checkpoint, the second ends the process at once.</summary>
public sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly TaskCompletionSource requested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IDisposable registration;
    private int signals;

    public Interruption(ISignals signals, Action atOnce)
    {
        registration = signals.OnInterrupt(() => Signal(atOnce));
    }

    /// <summary>Ends at the first signal.</summary>
    public Task Requested => requested.Task;

    /// <summary>Cancelled at the first signal.</summary>
    public CancellationToken Token => source.Token;

    public bool IsRequested => requested.Task.IsCompleted;

    public void Dispose()
    {
        registration.Dispose();
        source.Dispose();
    }

    private void Signal(Action atOnce)
    {
        if (Interlocked.Increment(ref signals) > 1)
        {
            atOnce();
            return;
        }

        requested.TrySetResult();
        source.Cancel();
    }
}
