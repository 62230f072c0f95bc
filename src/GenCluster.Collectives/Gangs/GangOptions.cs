using GenCluster.Certificates;

namespace GenCluster.Collectives.Gangs;

/// <summary>How a gang member reaches the others and how long it waits.</summary>
public sealed record GangOptions
{
    /// <summary>The defaults.</summary>
    public static GangOptions Default { get; } = new();

    /// <summary>The longest time in an all-reduce in which nothing comes from and goes to any peer. It must cover the slowest member's step.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest time until all members are connected.</summary>
    public TimeSpan JoinDeadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The pause before a peer that is not there yet is dialled again.</summary>
    public TimeSpan RedialAfter { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How members reach each other. Anything but <see cref="Transport.Auto"/> is used or the join is refused.</summary>
    public Transport Transport { get; init; } = Transport.Auto;

    /// <summary>
    /// Binds the thread that reduces to a core of its own, if the members on this host are no more than its cores. Only for a
    /// thread that does little else: threads that it starts later are bound too.
    /// </summary>
    public bool PinCores { get; init; }

    /// <summary>TLS for the connections that this member dials; null for none. The listener must have the same.</summary>
    public TransportSecurity? Security { get; init; }

    /// <summary>In tests: another host than the real one.</summary>
    internal Guid? Host { get; init; }
}

/// <summary>What a listener lets strangers do.</summary>
public sealed record GangListenerOptions
{
    /// <summary>The defaults.</summary>
    public static GangListenerOptions Default { get; } = new();

    /// <summary>The longest time for each message of a hello.</summary>
    public TimeSpan HelloLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a hello waits for this worker to get its own order, before the peer is told to come again.</summary>
    public TimeSpan HoldLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many connections may be in their hello or held at a time; more are closed at once.</summary>
    public int MaxPending { get; init; } = 128;

    /// <summary>TLS for those who dial over TCP; null for none. <see cref="GangOptions.Security"/> must be the same.</summary>
    public TransportSecurity? Security { get; init; }
}
