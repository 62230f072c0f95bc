using System.Collections.Concurrent;
using GenCluster.Core.Trials;

namespace GenCluster.Worker.Programs;

/// <summary>Values that a program said, on their way to the thread of the run.</summary>
/// <param name="Heard">Ends when they are reported; null when nobody waits for it.</param>
internal sealed record Said(IReadOnlyList<Metric> Values, TaskCompletionSource? Heard);

/// <summary>Where what a program says waits for the thread of the run. It has little room: who says more has to wait.</summary>
internal sealed class Inbox : IDisposable
{
    private const int Room = 256;

    private readonly BlockingCollection<Said> queue = [];
    private readonly SemaphoreSlim room = new(Room);
    private readonly CancellationTokenSource closed = new();

    public bool IsEmpty => queue.Count == 0;

    /// <summary>For threads that read output: blocks while there is no room.</summary>
    /// <exception cref="OperationCanceledException">The run is over.</exception>
    public void Put(IReadOnlyList<Metric> values)
    {
        if (values.Count == 0)
            return;
        room.Wait(closed.Token);
        queue.Add(new Said(values, null));
    }

    /// <summary>For those who want to know when it is reported; they are few enough not to need room.</summary>
    public Task Post(IReadOnlyList<Metric> values)
    {
        if (closed.IsCancellationRequested)
            return Task.FromCanceled(closed.Token);
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        queue.Add(new Said(values, heard));
        return heard.Task.WaitAsync(closed.Token);
    }

    public Said? Take(TimeSpan within)
    {
        if (!queue.TryTake(out var said, within))
            return null;
        if (said.Heard is null)
            room.Release();
        return said;
    }

    /// <summary>Nobody listens any more.</summary>
    public void Close() => closed.Cancel();

    public void Dispose() => Close(); // threads may still be about to notice
}
