using GenCluster.Checkpoints.S3;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using GenCluster.Core.Trials;
using GenCluster.Server.Journals;

namespace GenCluster.Cli.Doctor;

/// <summary>The blobs of checkpoints in a bucket: each is fetched, as only its content says whether it is sound.</summary>
internal sealed class CheckpointBucket(ICheckpointStores stores) : ICheckpointPlace
{
    /// <summary>Somebody waits for the answer.</summary>
    public static readonly S3Options Patience = new() { Deadline = TimeSpan.FromSeconds(30) };

    public IEnumerable<BlobFault> Examine(TrialState trial)
    {
        var store = Open(trial);
        foreach (var manifest in trial.Live)
        {
            foreach (var blob in manifest.Blobs)
            {
                if (FaultOf(blob, store) is { } fault)
                {
                    string message = $"checkpoint of step {manifest.Step} of trial {trial.Trial}: {fault.Message}";
                    yield return new BlobFault(trial.Trial, manifest, new Finding(fault.IsMissing ? Finding.BlobMissing : Finding.BlobDamaged, message));
                }
            }
        }
    }

    /// <summary>None: an upload that was never finished is cleared away with what is not needed.</summary>
    public IEnumerable<string> StaleTemps(TrialId trial) => [];

    public UnneededBlobs Unneeded(TrialState trial)
    {
        var view = CollectorView.OfJournal(trial);
        int count = 0;
        Open(trial).Sweep(blob =>
        {
            count += blob.Sha256 != BlobKey.Unfinished && view.IsGarbage(blob) ? 1 : 0;
            return false; // only looked at
        });
        return new UnneededBlobs(count, Bytes: null, () => CheckpointCollector.Collect(Open(trial), view));
    }

    private static CorruptBlobException? FaultOf(BlobRef blob, ICheckpointStore store)
    {
        try
        {
            _ = store.Get(blob);
            return null;
        }
        catch (CorruptBlobException fault)
        {
            return fault;
        }
    }

    private ICheckpointStore Open(TrialState trial) => stores.Open(new Lease(trial.Trial, trial.Epoch), CancellationToken.None);
}
