using System.Net;

namespace GenCluster.Server.Access;

/// <summary>
/// The names that a request may call this server by. A page that has its own name lead here (DNS rebinding) is not among them:
/// allowed are addresses, which need no lookup, names that nobody can register, and those that the operator has listed.
/// </summary>
internal sealed class HostNames(bool loopbackAlone, IEnumerable<string> listed)
{
    private static readonly string[] Private = [".svc", ".cluster.local", ".internal", ".localhost"];

    private readonly HashSet<string> listed = new(listed, StringComparer.OrdinalIgnoreCase);

    /// <summary>What to do about a name that is none of ours.</summary>
    public string Remedy => loopbackAlone ? "ask by 127.0.0.1 or localhost" : "ask by its address, or have the name listed with --http-host";

    public bool Has(string host)
    {
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            return true;
        if (IPAddress.TryParse(host.Trim('[', ']'), out var address))
            return !loopbackAlone || IPAddress.IsLoopback(address);
        return !loopbackAlone && (listed.Contains(host) || IsPrivate(host.TrimEnd('.')));
    }

    private static bool IsPrivate(string host) =>
        host.Length > 0 && (!host.Contains('.', StringComparison.Ordinal) || Private.Any(end => host.EndsWith(end, StringComparison.OrdinalIgnoreCase)));
}
