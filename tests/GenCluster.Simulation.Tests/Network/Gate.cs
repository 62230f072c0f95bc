using Akka.Actor;
using GenCluster.Simulation.Tests.Engine;

namespace GenCluster.Simulation.Tests.Network;

/// <summary>What workers find at the coordinator's address: all coordinators that there are.</summary>
internal sealed class Gate : UntypedActor
{
    public const string HouseName = "coordinator"; // as in CoordinatorHosting.CoordinatorPath

    protected override void OnReceive(object message) => World.Current.Simulation?.Knock(message, Sender);

    internal sealed class House : UntypedActor
    {
        public House()
        {
            Context.ActorOf(Props.Create(() => new Gate()), "coordinator");
        }

        protected override void OnReceive(object message)
        {
        }
    }
}
