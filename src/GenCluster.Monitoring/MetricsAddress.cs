using System.Net;

namespace GenCluster.Monitoring;

/// <summary>Where a process serves its metrics.</summary>
/// <param name="Port">0 takes any free one.</param>
public sealed record MetricsAddress(IPAddress Bind, int Port)
{
    /// <summary>On this machine alone: who reads metrics is asked for no credentials.</summary>
    public static MetricsAddress OnLoopback(int port) => new(IPAddress.Loopback, port);
}

/// <summary>Metrics cannot be served; the message says why and what to do.</summary>
public sealed class CannotServeMetricsException(string message, Exception inner) : Exception(message, inner);
