using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Memory;

namespace GenCluster.Collectives.Hellos;

/// <summary>What two sides make of their offers.</summary>
internal static class TransportChoice
{
    /// <summary>What a side with this option is ready to use.</summary>
    public static TransportSet Of(Transport wanted) => wanted switch
    {
        Transport.Auto => TransportSet.SharedMemory | TransportSet.Tcp,
        Transport.SharedMemory => TransportSet.SharedMemory,
        Transport.Unix => TransportSet.Unix,
        Transport.Tcp => TransportSet.Tcp,
        _ => throw new ArgumentOutOfRangeException(nameof(wanted), wanted, "not a transport"),
    };

    /// <summary>Chooses, and maps the other's memory if that is the choice.</summary>
    /// <param name="overUnix">The connection is a Unix socket.</param>
    /// <param name="capacity">Elements that a slot must have.</param>
    /// <exception cref="ProtocolException">The two have nothing in common.</exception>
    public static (Transport Transport, PeerMemory? Memory) Choose(HelloOffer own, HelloOffer other, bool overUnix, int capacity, int slots)
    {
        var common = own.Transports & other.Transports;
        if (!overUnix && common.HasFlag(TransportSet.SharedMemory) && own.Host == other.Host
            && PeerMemory.TryMap(other.Memory, capacity, slots) is { } memory)
        {
            return (Transport.SharedMemory, memory);
        }

        var carried = overUnix ? TransportSet.Unix : TransportSet.Tcp;
        return common.HasFlag(carried)
            ? (overUnix ? Transport.Unix : Transport.Tcp, null)
            : throw new ProtocolException(
                HelloRefusal.Transport, $"this member can use {own.Transports}, the peer {other.Transports}, and this connection is {carried}; give all members the same transport option, and shared memory only on one host");
    }
}
