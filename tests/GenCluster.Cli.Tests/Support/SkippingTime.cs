namespace GenCluster.Cli.Tests.Support;

/// <summary>Time in which every wait is over at once, and has taken as long as it should.</summary>
internal sealed class SkippingTime : TimeProvider
{
    // What is longer is no pause but a deadline: it never comes, or it would cut off whatever it watches over.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private long now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime > LongestPause)
            return new Over();
        if (dueTime > TimeSpan.Zero)
            Interlocked.Add(ref now, dueTime.Ticks);
        if (dueTime != Timeout.InfiniteTimeSpan)
            ThreadPool.QueueUserWorkItem(_ => callback(state));
        return new Over();
    }

    private sealed class Over : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
