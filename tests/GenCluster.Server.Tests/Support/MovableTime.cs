namespace GenCluster.Server.Tests.Support;

/// <summary>The system's time, some way on.</summary>
internal sealed class MovableTime : TimeProvider
{
    private long ahead;

    public void Advance(TimeSpan time) => Interlocked.Add(ref ahead, (long)(time.TotalSeconds * TimestampFrequency));

    public override long GetTimestamp() => System.GetTimestamp() + Interlocked.Read(ref ahead);
}
