using System.Net;

namespace GenCluster.Server.Api;

/// <summary>How the HTTP API of a node is served.</summary>
public sealed record ApiOptions
{
    public const int DefaultPort = 8080;

    /// <summary>The address to listen on. Loopback alone: there is no authentication yet.</summary>
    public IPAddress Bind { get; init; } = IPAddress.Loopback;

    /// <summary>The port to listen on; 0 lets the system choose.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>How long a submission waits for the coordinator before the client is told to come again.</summary>
    public TimeSpan SubmitPatience { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>How long any request may take.</summary>
    public TimeSpan RequestTime { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a client that follows a sweep is told that the server is still there.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a client that follows a sweep waits for the next look at the journal.</summary>
    public TimeSpan EventPause { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>How many clients may follow sweeps on this node at a time.</summary>
    public int MaxStreams { get; init; } = 64;
}
