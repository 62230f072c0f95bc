using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;

namespace GenCluster.Simulation.Tests.Engine;

/// <summary>Hands whatever is to be done to the simulation, which does it when its turn has come. It has no thread.</summary>
public sealed class SteppingDispatcher : MessageDispatcher
{
    private readonly World world = World.Current;

    private SteppingDispatcher(MessageDispatcherConfigurator configurator)
        : base(configurator)
    {
        Throughput = 1; // one message a turn, so that every order of things can happen
    }

    public override void Dispatch(ActorCell cell, Envelope envelope)
    {
        if (world.Simulation?.Reaches(cell.Self, envelope.Message) is false)
            return;
        world.Simulation?.Heard(cell.Self, envelope.Message);
        base.Dispatch(cell, envelope);
    }

    protected override void ExecuteTask(IRunnable run) => world.Turns.Add(run);

    protected override void Shutdown()
    {
    }

    /// <summary>Named in the settings of the actor system; every dispatcher there is one of these.</summary>
    public sealed class Factory(Config config, IDispatcherPrerequisites prerequisites) : MessageDispatcherConfigurator(config, prerequisites)
    {
        private SteppingDispatcher? dispatcher;

        public override MessageDispatcher Dispatcher() => dispatcher ??= new SteppingDispatcher(this);
    }
}
