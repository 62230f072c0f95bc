using System.Net;

namespace GenCluster.Certificates;

/// <summary>Beyond its own host a node speaks TLS, or is told that the network is encrypted otherwise.</summary>
public static class OpenNetwork
{
    /// <summary>The option that says so.</summary>
    public const string Switch = "--insecure-network";

    /// <summary>Why a node must not listen there; null if it may.</summary>
    public static string? Refuse(IPAddress bind, bool isEncrypted, bool isAllowed) => IPAddress.IsLoopback(bind) || isEncrypted || isAllowed
        ? null
        : $"--bind {bind} is reached from other machines, and without TLS whoever reaches it may give orders to this cluster; give --tls-certificate, --tls-key and --tls-ca "
          + $"(gencluster certificates new makes some), or {Switch} where the network itself is encrypted and closed to others";
}
