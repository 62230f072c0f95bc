using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using GenCluster.Actors.Coordination;
using GenCluster.Actors.Serialization;
using GenCluster.Simulation.Tests.Journal;
using GenCluster.Simulation.Tests.Network;

namespace GenCluster.Simulation.Tests.Engine;

/// <summary>
/// An actor system without threads and without a clock: it does one thing after another on the thread that runs a
/// simulation, in an order that the simulation's dice give. One system serves many simulations in turn, for it takes
/// longer to make one than to run one.
/// </summary>
internal sealed class World
{
    [ThreadStatic]
    private static World? current;

    private readonly Dice setup = new(0, "setup");

    private World()
    {
        current = this;
        System = ActorSystem.Create("simulation", Settings);
        Serializer = new MessagePackWireSerializer((ExtendedActorSystem)System);
        System.ActorOf(Props.Create(() => new Gate.House()), "coordinator");
        System.EventStream.Subscribe(new Ear(this, "errors", message => Simulation?.Errors((Error)message)), typeof(Error));
        System.EventStream.Subscribe(new Ear(this, "offices", message => Simulation?.OfficeIsLost((OfficeLost)message)), typeof(OfficeLost));
        Settle();
    }

    /// <summary>The world of this thread; made on first use.</summary>
    public static World Current => current ?? new World();

    public ActorSystem System { get; }

    public MessagePackWireSerializer Serializer { get; }

    public Timeline Timeline { get; } = new();

    public Turns Turns { get; } = new();

    /// <summary>What is being simulated; null in between.</summary>
    public Simulation? Simulation { get; private set; }

    /// <summary>The node whose actor has its turn; empty for none.</summary>
    public string Acting { get; private set; } = "";

    /// <summary>Runs a simulation to its end.</summary>
    public void Run(Simulation simulation)
    {
        Simulation = simulation;
        try
        {
            simulation.Begin();
            while (!simulation.IsOver && (Turn(simulation.Dice, simulation.MayGoOn) || Timeline.Advance()))
                simulation.AfterEvent();
        }
        finally
        {
            Simulation = null;
            Clear();
        }
    }

    /// <summary>Gives up this thread's world; the next use makes another. For one that may have been left in disorder.</summary>
    public static void Abandon() => current = null;

    private bool Turn(Dice dice, Predicate<Turns.Turn> mayGoOn)
    {
        if (Turns.Take(dice, mayGoOn) is not { } turn)
            return false;
        Acting = turn.Node;
        turn.Run.Run();
        Acting = "";
        Simulation?.AfterTurn(turn.Node);
        return true;
    }

    private void Clear()
    {
        foreach (var node in ((ActorRefWithCell)((ExtendedActorSystem)System).Guardian).Children)
        {
            if (node.Path.Name != Gate.HouseName)
                System.Stop(node);
        }

        Settle();
        Timeline.Reset();
    }

    private void Settle()
    {
        while (Turn(setup, _ => true))
        {
        }
    }

    private static Config Settings { get; } = ConfigurationFactory.ParseString($$"""
        akka {
          loggers = []
          loglevel = ERROR
          stdout-loglevel = OFF
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          scheduler.implementation = "{{NameOf(typeof(VirtualScheduler))}}"
          actor {
            default-dispatcher.type = "{{NameOf(typeof(SteppingDispatcher.Factory))}}"
            internal-dispatcher.type = "{{NameOf(typeof(SteppingDispatcher.Factory))}}"
          }
          coordinated-shutdown {
            run-by-clr-shutdown-hook = off
            exit-clr = off
          }
          persistence {
            max-concurrent-recoveries = 1000
            journal {
              plugin = "akka.persistence.journal.simulated"
              simulated { class = "{{NameOf(typeof(JournalPlugin))}}", plugin-dispatcher = "akka.actor.default-dispatcher" }
            }
            snapshot-store {
              plugin = "akka.persistence.snapshot-store.simulated"
              simulated { class = "{{NameOf(typeof(NoSnapshots))}}", plugin-dispatcher = "akka.actor.default-dispatcher" }
            }
          }
        }
        """).WithFallback(WireSerialization.Config);

    private static string NameOf(Type type) => $"{type.FullName}, {type.Assembly.GetName().Name}";
}
