using System.Globalization;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;

namespace GenCluster.Checkpoints;

/// <summary>Checkpoints of all sweeps under one folder: <c>folder/sweep/0001/</c> for each trial.</summary>
public sealed class DirectoryCheckpointStores(string folder) : ICheckpointStores
{
    public ICheckpointStore Open(Lease lease, CancellationToken cancellation) => new DirectoryCheckpointStore(
        Path.Combine(folder, lease.Trial.Sweep.Value, lease.Trial.Number.ToString("D4", CultureInfo.InvariantCulture)), lease.Epoch);
}
