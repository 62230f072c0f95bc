using Akka.Actor;
using GenCluster.Simulation.Tests.Engine;

namespace GenCluster.Simulation.Tests.Network;

/// <summary>An actor of one node as another node sees it: whatever it is told goes through the network.</summary>
internal sealed class RemoteRef(SimulatedNetwork network, Node holder, Node owner, IActorRef target) : MinimalActorRef
{
    /// <summary>Who holds this reference.</summary>
    public Node Holder { get; } = holder;

    /// <summary>Where the actor is.</summary>
    public Node Owner { get; } = owner;

    public IActorRef Target { get; } = target;

    public override ActorPath Path { get; } = new RootActorPath(owner.Address) / target.Path.Elements;

    public override IActorRefProvider Provider => network.Provider;

    protected override void TellInternal(object message, IActorRef sender) => network.Send(this, message, sender);
}
