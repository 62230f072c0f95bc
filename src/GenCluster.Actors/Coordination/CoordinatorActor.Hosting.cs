using System.Net;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Configuration;
using Akka.Hosting;
using Akka.Remote.Hosting;
using GenCluster.Actors.Dispatching;
using GenCluster.Actors.Remoting;
using GenCluster.Actors.Serialization;
using GenCluster.Certificates;

namespace GenCluster.Actors.Coordination;

/// <summary>Where a coordinator node listens, and which nodes it belongs to.</summary>
/// <param name="Bind">The address to listen on.</param>
/// <param name="Port">The port to listen on; not 0, for a node of a cluster must know its own.</param>
/// <param name="PublicHost">How others reach this node, when not by <paramref name="Bind"/>: a host name, say.</param>
/// <param name="Seeds">Addresses of all nodes, the same list on each: <c>akka.tcp://gencluster@10.0.0.1:4053</c>. Empty: this node alone.</param>
public sealed record NodeSettings(IPAddress Bind, int Port, string? PublicHost, IReadOnlyList<string> Seeds)
{
    /// <summary>TLS for every connection of the node; null for none.</summary>
    public TransportSecurity? Security { get; init; }

    /// <summary>What workers and other nodes dial.</summary>
    public string Address => $"akka.tcp://{CoordinatorHosting.SystemName}@{PublicHost ?? Bind.ToString()}:{Port}";
}

/// <summary>How the coordinator is put into an actor system: a singleton among the nodes of its role.</summary>
public static class CoordinatorHosting
{
    /// <summary>The actor system's name, the same in coordinators and workers.</summary>
    public const string SystemName = "gencluster";

    /// <summary>Where workers find the coordinator on the node that hosts it.</summary>
    public const string CoordinatorPath = "/user/coordinator/coordinator";

    /// <summary>The role of the nodes that singletons live on.</summary>
    public const string Role = "coordinator";

    /// <summary>Remoting, cluster membership and the coordinator singleton, for one node.</summary>
    public static AkkaConfigurationBuilder AddCoordinator(this AkkaConfigurationBuilder builder, NodeSettings node, CoordinatorSettings settings) => builder
        .AddHocon(Settings, HoconAddMode.Prepend)
        .WithGenClusterSerialization()
        .WithRemoting(new RemoteOptions { HostName = node.Bind.ToString(), Port = node.Port, PublicHostName = node.PublicHost })
        .WithTls(node.Security)
        .WithClustering(new ClusterOptions { Roles = [Role], SeedNodes = node.Seeds.Count > 0 ? [.. node.Seeds] : [node.Address] })
        .WithSingleton<CoordinatorActor>(
            "coordinator",
            (_, _, _) => OfficeActor.PropsFor(settings),
            new ClusterSingletonOptions { Role = Role, SingletonIdentificationInterval = TimeSpan.FromMilliseconds(200), LogSingletonIdentificationFailure = false },
            createProxyToo: true);

    // A node that dies is missed after about 4 s, put out of the cluster 2 s later by the majority, and succeeded 1 s after that; the
    // margin between is small, as the journal itself refuses the events of two. docs/operations.md says what each of these costs.
    private static Config Settings { get; } = ConfigurationFactory.ParseString($$"""
        akka {
          loglevel = INFO
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          actor.internal-dispatcher { {{OwnThreads.For(2)}} }
          remote {
            {{Links.Settings}}
            log-frame-size-exceeding = 32000b
          }
          cluster {
            use-dispatcher = gencluster-membership
            seed-node-timeout = 3s
            retry-unsuccessful-join-after = 1s
            shutdown-after-unsuccessful-join-seed-nodes = 20s
            gossip-interval = 200ms
            leader-actions-interval = 200ms
            unreachable-nodes-reaper-interval = 500ms
            failure-detector { heartbeat-interval = 500ms, expected-response-after = 500ms, acceptable-heartbeat-pause = 3s }
            downing-provider-class = "Akka.Cluster.SBR.SplitBrainResolverProvider, Akka.Cluster"
            split-brain-resolver { active-strategy = keep-majority, stable-after = 2s, down-all-when-unstable = off }
            down-removal-margin = 1s
            singleton { hand-over-retry-interval = 200ms, min-number-of-hand-over-retries = 50 }
            log-info = off
          }
          coordinated-shutdown {
            run-by-clr-shutdown-hook = off
            exit-clr = off
            default-phase-timeout = 3s
            phases { cluster-exiting.timeout = 4s, actor-system-terminate.timeout = 5s }
          }
        }
        gencluster-membership { {{OwnThreads.For(2)}} }
        """);
}
