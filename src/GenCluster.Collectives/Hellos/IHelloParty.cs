using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Memory;

namespace GenCluster.Collectives.Hellos;

/// <summary>What a side brings to a hello, whatever the connection is for.</summary>
internal interface IHelloParty
{
    HelloPurpose Purpose { get; }

    string Trial { get; }

    long Epoch { get; }

    ReadOnlyMemory<byte> Secret { get; }

    HelloOffer Offer { get; }

    /// <summary>What the other side is called in messages.</summary>
    string NameOf(int member);

    /// <exception cref="ProtocolException">The dialer claims what does not fit.</exception>
    void Check(HelloMessage.Hello hello);

    /// <exception cref="ProtocolException">There is no common transport.</exception>
    (Transport Transport, PeerMemory? Memory) Choose(HelloOffer own, HelloOffer other, bool overUnix);
}
