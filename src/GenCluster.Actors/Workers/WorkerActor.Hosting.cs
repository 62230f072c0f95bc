using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting;
using Akka.Remote.Hosting;
using GenCluster.Actors.Dispatching;
using GenCluster.Actors.Remoting;
using GenCluster.Actors.Serialization;
using GenCluster.Certificates;
using GenCluster.Core.Training;

namespace GenCluster.Actors.Workers;

/// <summary>How a worker is put into an actor system. It has plain remoting and is no member of the cluster.</summary>
public static class WorkerHosting
{
    private const string Dispatcher = "gencluster-worker";

    // Training takes all cores it is given. What keeps the lease alive has threads of its own.
    private static Config Settings { get; } = ConfigurationFactory.ParseString($$"""
        akka {
          loglevel = INFO
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          actor.internal-dispatcher { {{OwnThreads.For(2)}} }
          remote {
            untrusted-mode = on # nobody may deploy actors here, look them up by path, or end them
            {{Links.Settings}}
          }
          coordinated-shutdown {
            run-by-clr-shutdown-hook = off
            exit-clr = off
          }
        }
        {{Dispatcher}} { type = PinnedDispatcher, executor = thread-pool-executor }
        """);

    public static AkkaConfigurationBuilder AddWorker(
        this AkkaConfigurationBuilder builder, string bind, int port, WorkerSettings settings, ITrialRunner runner, TransportSecurity? security = null) => builder
        .AddHocon(Settings, HoconAddMode.Prepend)
        .WithGenClusterSerialization()
        .WithRemoting(bind, port)
        .WithTls(security)
        .WithActors((system, registry) =>
            registry.Register<WorkerActor>(system.ActorOf(WorkerActor.PropsFor(settings, runner).WithDispatcher(Dispatcher), "worker")));
}
