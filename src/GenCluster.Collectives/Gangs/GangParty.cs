using GenCluster.Collectives.Hellos;
using GenCluster.Collectives.Memory;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Gangs;

/// <summary>A member that is joining a gang, as its peers meet it.</summary>
internal sealed class GangParty(GangInvitation invitation, VectorMemory memory, GangOptions options) : IHelloParty
{
    public GangInvitation Invitation => invitation;

    public VectorMemory Memory => memory;

    public GangOptions Options => options;

    public HelloPurpose Purpose => HelloPurpose.Gang;

    public string Trial => invitation.Trial;

    public long Epoch => invitation.Epoch;

    public ReadOnlyMemory<byte> Secret => invitation.Secret;

    public HelloOffer Offer { get; } = new(options.Host ?? HostIdentity.Own, TransportChoice.Of(options.Transport), MemoryOffer.Of(memory));

    public string NameOf(int member) => $"member {member}";

    /// <summary>What this member says when it dials a lower one.</summary>
    public HelloMessage.Hello ClaimsTo(int peer) => new(
        Purpose, Trial, Epoch, invitation.Member, peer, DataType.Float32, invitation.Plan.Hash.AsMemory(), Handshake.NewNonce(), Offer);

    public void Check(HelloMessage.Hello hello)
    {
        // Member i dials every lower one, so each pair has one connection.
        if (hello.To != invitation.Member || hello.From <= invitation.Member || hello.From >= invitation.Plan.Members)
        {
            throw new ProtocolException(HelloRefusal.Member, $"member {hello.From} dialled member {hello.To} and reached member {invitation.Member} of {invitation.Plan.Members}");
        }

        if (hello.DataType != DataType.Float32)
        {
            throw new ProtocolException(HelloRefusal.DataType, $"member {hello.From} has elements of type {(byte)hello.DataType}, this one of type {(byte)DataType.Float32}");
        }

        if (!hello.Digest.Span.SequenceEqual(invitation.Plan.Hash.AsSpan()))
        {
            throw new ProtocolException(HelloRefusal.Plan, $"member {hello.From} has another plan than this one");
        }
    }

    public (Transport Transport, PeerMemory? Memory) Choose(HelloOffer own, HelloOffer other, bool overUnix) =>
        TransportChoice.Choose(own, other, overUnix, invitation.Plan.Layout.Capacity, SlotSchedule.MostSlots(invitation.Plan.Shards));
}
