namespace GenCluster.Actors.Workers;

/// <summary>
/// When a worker was last sure of its lease, by its own clock: at the moment it sent the newest heartbeat that was answered.
/// An answer that lay in a buffer while the process was frozen proves nothing about now.
/// </summary>
/// <remarks>
/// Shorter than the time after which a coordinator gives up a worker that one sign speaks against, so that it ends first on this
/// side. Where two signs do, the coordinator does not wait: what is then written once more is what the successor writes, bit for bit.
/// </remarks>
internal sealed class OwnLease(TimeProvider clock)
{
    /// <summary>How long an answered heartbeat counts.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromMilliseconds(900);

    private const int Remembered = 16;

    private readonly Queue<(long Number, long SentAt)> sent = [];
    private long number;

    /// <summary>When the newest heartbeat that was answered was sent; a timestamp of the clock, long ago before the first.</summary>
    public long ConfirmedAt { get; private set; } = clock.GetTimestamp() - (long)(Time.TotalSeconds * clock.TimestampFrequency);

    /// <summary>The number of the heartbeat that is sent now.</summary>
    public long Beat()
    {
        sent.Enqueue((++number, clock.GetTimestamp()));
        if (sent.Count > Remembered)
            sent.Dequeue();
        return number;
    }

    /// <summary>A heartbeat was answered.</summary>
    /// <returns>Whether it is news.</returns>
    public bool Answered(long answered)
    {
        while (sent.TryPeek(out var beat) && beat.Number <= answered)
        {
            sent.Dequeue();
            if (beat.Number != answered)
                continue;
            ConfirmedAt = beat.SentAt;
            return true;
        }

        return false;
    }
}
