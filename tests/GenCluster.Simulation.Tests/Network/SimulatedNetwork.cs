using Akka.Actor;
using Akka.Remote;
using GenCluster.Actors.Protocol;
using GenCluster.Simulation.Tests.Engine;

namespace GenCluster.Simulation.Tests.Network;

/// <summary>How bad the network is.</summary>
/// <param name="Drop">Of all messages.</param>
/// <param name="Duplicate">Of all messages.</param>
/// <param name="Late">Of all messages: the fraction that takes up to a second.</param>
internal sealed record NetworkTroubles(double Drop, double Duplicate, double Late)
{
    public static readonly NetworkTroubles None = new(0, 0, 0);
}

/// <summary>
/// Carries messages between nodes, through the real serializer. Between two nodes they keep their order, as in one
/// connection, but for those that may get lost anyway; some are dropped, doubled, late, or held up by a cut.
/// </summary>
internal sealed class SimulatedNetwork(Simulation simulation)
{
    private readonly Dictionary<(string From, string To), Link> links = [];
    private readonly Dictionary<(Node Holder, IActorRef Target), RemoteRef> references = [];

    public NetworkTroubles Troubles { get; set; } = NetworkTroubles.None;

    /// <summary>For tests that plant an error: what arrives in a message's place.</summary>
    public Func<Node, IWire, IWire>? Tampering { get; init; }

    public IActorRefProvider Provider => ((ExtendedActorSystem)simulation.World.System).Provider;

    public RemoteRef Reference(Node holder, Node owner, IActorRef target) =>
        references.TryGetValue((holder, target), out var known) ? known : references[(holder, target)] = new RemoteRef(this, holder, owner, target);

    /// <summary>Nothing goes from one node to the other any more.</summary>
    public void Cut(Node from, Node to) => LinkOf(from, to).IsCut = true;

    public bool IsCut(Node from, Node to) => links.TryGetValue((from.Name, to.Name), out var link) && link.IsCut;

    public void Heal()
    {
        foreach (var link in links.Values)
            link.IsCut = false;
    }

    public void Heal(Node from, Node to) => LinkOf(from, to).IsCut = false;

    /// <summary>Tells a node that its connection to another is closed.</summary>
    public void Disconnect(Node node, Node from) => node.Do(() =>
    {
        simulation.Trace.Note("closed", node.Name, from.Name);
        node.Voice.Tell(new DisassociatedEvent(node.Address, from.Address, false), ActorRefs.NoSender);
    });

    public void Send(RemoteRef to, object message, IActorRef sender)
    {
        if (!to.Holder.IsAlive)
            return; // the last thoughts of the dead
        if (message is not IWire wire)
        {
            simulation.Violate($"{to.Holder} sends {message.GetType()} to {to.Owner}, which cannot leave a process");
            return;
        }

        var link = LinkOf(to.Holder, to.Owner);
        byte[] bytes = simulation.World.Serializer.ToBinary(wire);
        string manifest = simulation.World.Serializer.Manifest(wire);
        simulation.Audit.Sent(to.Holder, to.Owner, wire);
        bool isLost = link.IsCut || link.Dice.Chance(Troubles.Drop);
        simulation.Trace.Note(isLost ? "lost" : "sends", to.Holder.Name, to.Owner.Name, wire, bytes);
        if (isLost)
            return;

        Deliver(to, sender, manifest, bytes, ArrivalOf(link, wire));
        if (link.Dice.Chance(Troubles.Duplicate))
            Deliver(to, sender, manifest, bytes, ArrivalOf(link, wire));
    }

    private TimeSpan ArrivalOf(Link link, IWire message)
    {
        var arrival = simulation.Now + link.Dice.Milliseconds(0.1, link.Dice.Chance(Troubles.Late) ? 1_000 : 5);
        if (MayBeLost(message))
            return arrival;
        arrival = arrival > link.LastArrival ? arrival : link.LastArrival;
        return link.LastArrival = arrival;
    }

    private void Deliver(RemoteRef to, IActorRef sender, string manifest, byte[] bytes, TimeSpan arrival) => simulation.World.Timeline.At(arrival, () =>
    {
        if (!to.Owner.IsAlive)
            return;
        var message = (IWire)simulation.World.Serializer.FromBinary(bytes, manifest);
        if (Tampering is not null)
            message = Tampering(to.Owner, message);
        simulation.Trace.Note("hears", to.Owner.Name, to.Holder.Name, message, bytes);
        simulation.Audit.Delivered(to.Holder, to.Owner, message);
        to.Target.Tell(message, sender.IsNobody() ? sender : Reference(to.Owner, to.Holder, sender));
    });

    private static bool MayBeLost(IWire message) =>
        message is FromWorker.RunStarted or FromWorker.RunProgressed or FromWorker.RunPictured or FromWorker.RunWarned or FromWorker.MemberMeasured;

    private Link LinkOf(Node from, Node to)
    {
        var key = (from.Name, to.Name);
        return links.TryGetValue(key, out var link) ? link : links[key] = new Link(new Dice(simulation.Seed, $"link {from} {to}"));
    }

    private sealed class Link(Dice dice)
    {
        public Dice Dice { get; } = dice;

        public bool IsCut { get; set; }

        public TimeSpan LastArrival { get; set; }
    }
}
