using System.Net;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Cluster.Hosting.SBR;
using Akka.Configuration;
using Akka.Hosting;
using Akka.Remote.Hosting;
using GenCluster.Actors.Serialization;

namespace GenCluster.Actors.Coordination;

/// <summary>How the coordinator is put into an actor system: a singleton among the nodes of its role.</summary>
public static class CoordinatorHosting
{
    /// <summary>The actor system's name, the same in coordinators and workers.</summary>
    public const string SystemName = "gencluster";

    /// <summary>Where workers find the coordinator on the node that hosts it.</summary>
    public const string CoordinatorPath = "/user/coordinator/coordinator";

    private const string Role = "coordinator";

    /// <summary>Remoting, cluster membership and the coordinator singleton, for a node at this address.</summary>
    public static AkkaConfigurationBuilder AddCoordinator(this AkkaConfigurationBuilder builder, IPAddress bind, int port, CoordinatorSettings settings) => builder
        .AddHocon(Settings, HoconAddMode.Prepend)
        .WithGenClusterSerialization()
        .WithRemoting(bind.ToString(), port)
        .WithClustering(new ClusterOptions
        {
            Roles = [Role],
            SeedNodes = [$"akka.tcp://{SystemName}@{bind}:{port}"],
            SplitBrainResolver = new KeepMajorityOption(),
        })
        .WithSingleton<CoordinatorActor>(
            "coordinator",
            (_, _, _) => CoordinatorActor.PropsFor(settings),
            new ClusterSingletonOptions { Role = Role },
            createProxyToo: true);

    // Heartbeats must not queue behind work: by default these dispatchers share the process's thread pool.
    private static Config Settings { get; } = ConfigurationFactory.ParseString("""
        akka {
          loglevel = INFO
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          actor.internal-dispatcher.executor = fork-join-executor
          remote {
            default-remote-dispatcher.executor = fork-join-executor
            backoff-remote-dispatcher.executor = fork-join-executor
            retry-gate-closed-for = 1s
            log-frame-size-exceeding = 32000b
          }
          cluster {
            seed-node-timeout = 1s
            shutdown-after-unsuccessful-join-seed-nodes = 20s
            log-info = off
          }
          coordinated-shutdown {
            run-by-clr-shutdown-hook = off
            exit-clr = off
          }
        }
        """);
}
