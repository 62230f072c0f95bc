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
}
