using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Memory;

namespace GenCluster.Collectives.Links;

/// <summary>What two members agreed on in their hello.</summary>
/// <param name="SameHost">Both run under one kernel.</param>
/// <param name="ClockOffset">The peer's clock minus this one, in nanoseconds; 0 on one host.</param>
/// <param name="Memory">The peer's memory under <see cref="Transport.SharedMemory"/>.</param>
internal sealed record PeerTerms(int Peer, Transport Transport, bool SameHost, long ClockOffset, PeerMemory? Memory);
