using Akka.Actor;

namespace GenCluster.Actors.Workers;

/// <summary>The clock of the actor system as the base library's, for what is asked from other threads.</summary>
internal sealed class SchedulerClock(ITimeProvider scheduler) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => scheduler.Now;

    public override long GetTimestamp() => scheduler.MonotonicClock.Ticks;
}
