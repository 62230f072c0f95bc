using System.Net;
using GenCluster.Server.Access;

namespace GenCluster.Server.Api;

/// <summary>How the HTTP API of a node is served.</summary>
public sealed record ApiOptions
{
    public const int DefaultPort = 8080;

    /// <summary>The address to listen on. Without authentication: loopback alone.</summary>
    public IPAddress Bind { get; init; } = IPAddress.Loopback;

    /// <summary>The port to listen on; 0 lets the system choose.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>Who may call, and what they may do.</summary>
    public AccessOptions Access { get; init; } = new();

    /// <summary>Names besides addresses and private names that requests may call this server by.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Serves TLS with this certificate; null: plain HTTP.</summary>
    public HttpCertificateFiles? Certificate { get; init; }

    /// <summary>How much one caller may ask, where callers are known.</summary>
    public ApiLimits Limits { get; init; } = new();

    /// <summary>Hears what is refused; null: the node's metrics.</summary>
    public IApiObserver? Observer { get; init; }

    /// <summary>By which files are looked at again, and answers about callers kept.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

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

    /// <summary>How long a client follows a sweep before it has to be known again; null: for as long as it likes.</summary>
    internal TimeSpan? StreamTime => Access.Mode is AccessMode.None ? null : Limits.StreamTime;
}
