namespace GenCluster.Simulation.Tests.Engine;

/// <summary>Virtual time: what happens when. Things of the same moment happen in the order in which they were entered.</summary>
internal sealed class Timeline
{
    private readonly PriorityQueue<Action, (long Ticks, long Number)> entries = new();
    private long number;

    /// <summary>Since the beginning; it stands still until the next entry is taken.</summary>
    public TimeSpan Now { get; private set; }

    public void In(TimeSpan delay, Action action) => At(Now + delay, action);

    public void At(TimeSpan time, Action action) => entries.Enqueue(action, (Math.Max(time.Ticks, Now.Ticks), number++));

    /// <summary>Goes on to the next entry and does what it says; false when there is none.</summary>
    public bool Advance()
    {
        if (!entries.TryDequeue(out var action, out var at))
            return false;
        Now = TimeSpan.FromTicks(at.Ticks);
        action();
        return true;
    }

    /// <summary>Forgets all entries; time goes on from the beginning.</summary>
    public void Reset()
    {
        entries.Clear();
        Now = TimeSpan.Zero;
        number = 0;
    }
}
