namespace GenCluster.Actors.Protocol;

/// <summary>
/// A message that crosses between processes. Only these, and journal events, have a serializer; every case has a
/// manifest (<see cref="Serialization.Manifests"/>) and a golden file.
/// </summary>
public interface IWire;

/// <summary>A message about a lease. The coordinator passes it on to the trial.</summary>
public interface ILeaseMessage : IWire
{
    Core.Identity.Lease Lease { get; }
}
