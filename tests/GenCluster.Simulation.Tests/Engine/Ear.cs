using Akka.Actor;

namespace GenCluster.Simulation.Tests.Engine;

/// <summary>A receiver that is no actor: it hears a message at the moment it is sent.</summary>
internal sealed class Ear(World world, string name, Action<object> heard) : MinimalActorRef
{
    public override ActorPath Path { get; } = new RootActorPath(new Address("akka", "ears")) / name;

    public override IActorRefProvider Provider => ((ExtendedActorSystem)world.System).Provider;

    protected override void TellInternal(object message, IActorRef sender) => heard(message);
}
