using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Hellos;
using GenCluster.Collectives.Memory;

namespace GenCluster.Collectives.Feeds;

/// <summary>Either end of a feed in its hello. The one that dials is member 1, the one that offers member 0.</summary>
internal sealed class FeedParty(FeedInvitation invitation) : IHelloParty
{
    private const int Offering = 0;
    private const int Dialling = 1;

    public HelloPurpose Purpose => HelloPurpose.Feed;

    public string Trial => invitation.Trial;

    public long Epoch => invitation.Epoch;

    public ReadOnlyMemory<byte> Secret => invitation.Secret;

    public HelloOffer Offer { get; } = new(HostIdentity.Own, TransportSet.Tcp | TransportSet.Unix, MemoryOffer.None);

    public HelloMessage.Hello Claims() => new(
        Purpose, Trial, Epoch, Dialling, Offering, DataType.Float32, invitation.StateHash, Handshake.NewNonce(), Offer);

    public string NameOf(int member) => member == Offering ? "the source of the state" : "its receiver";

    public void Check(HelloMessage.Hello hello)
    {
        if ((hello.From, hello.To) != (Dialling, Offering))
        {
            throw new ProtocolException(HelloRefusal.Member, $"a feed is dialled by {Dialling} and offered by {Offering}, not by {hello.From} and {hello.To}");
        }

        if (hello.DataType != DataType.Float32 || !hello.Digest.Span.SequenceEqual(invitation.StateHash.Span))
        {
            throw new ProtocolException(HelloRefusal.State, $"the dialer wants another state of trial '{Trial}' than the one offered here");
        }
    }

    public (Transport Transport, PeerMemory? Memory) Choose(HelloOffer own, HelloOffer other, bool overUnix) =>
        TransportChoice.Choose(own, other, overUnix, capacity: 0, slots: 0);
}
