namespace GenCluster.Checkpoints.S3;

/// <summary>How patient a worker is with an S3 server.</summary>
public sealed record S3Options
{
    /// <summary>Of one operation of the store, with all its repetitions. A trial waits that long in the middle of its training.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Of one request.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Before the first repetition; twice as long before each one after it.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(200);

    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Larger blobs are uploaded in parts of this size; at least 5 MiB, which servers demand.</summary>
    public int PartBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Of this machine: a blob is written there before it is sent.</summary>
    public string SpoolFolder { get; init; } = Path.GetTempPath();
}
