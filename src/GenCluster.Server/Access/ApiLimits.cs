namespace GenCluster.Server.Access;

/// <summary>How much one caller may ask. A caller is a name, or an address where there is none.</summary>
public sealed record ApiLimits
{
    /// <summary>Requests at once that were saved up, and how many come to them in a second.</summary>
    public int RequestBurst { get; init; } = 200;

    public int RequestsPerSecond { get; init; } = 50;

    /// <summary>The same for what changes something.</summary>
    public int ChangeBurst { get; init; } = 60;

    public int ChangesPerSecond { get; init; } = 2;

    /// <summary>Credentials from one address that are not accepted, before it is told to wait; one more every so often.</summary>
    public int FailureBurst { get; init; } = 20;

    public TimeSpan FailurePause { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Requests that are under way at a time.</summary>
    public int AtOnce { get; init; } = 64;

    /// <summary>Streams of events that one caller follows on one node.</summary>
    public int Streams { get; init; } = 16;

    /// <summary>How long a stream of events lasts before its client has to come again, and to be known again.</summary>
    public TimeSpan StreamTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a client may be slow with the body of a request before it has to keep up a rate.</summary>
    public TimeSpan BodyGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the head of a request may take.</summary>
    public TimeSpan HeadTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Lines of the audit trail about refusals that are alike, in a minute.</summary>
    public int AlikeRefusals { get; init; } = 3;

    /// <summary>Connections from one address.</summary>
    public int ConnectionsPerAddress { get; init; } = 500;
}
