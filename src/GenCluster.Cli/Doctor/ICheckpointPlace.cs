using GenCluster.Checkpoints.S3;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using GenCluster.Core.Trials;
using GenCluster.Server.Journals;

namespace GenCluster.Cli.Doctor;

/// <summary>Where the blobs of checkpoints are, to be held against what the journal says of them.</summary>
internal interface ICheckpointPlace
{
    /// <summary>Every blob of the checkpoints that a trial can resume from must be there, with its content.</summary>
    /// <exception cref="IOException">The place cannot be reached.</exception>
    IEnumerable<BlobFault> Examine(TrialState trial);

    /// <summary>Files that somebody began to write and did not live to finish.</summary>
    IEnumerable<string> StaleTemps(TrialId trial);

    /// <summary>Blobs that no checkpoint names, nor ever will, whoever is at work meanwhile: see <see cref="CheckpointCollector"/>.</summary>
    /// <exception cref="IOException">The place cannot be reached.</exception>
    UnneededBlobs Unneeded(TrialState trial);

    /// <summary>The place that was meant; null when nobody knows where, or it takes a coordinator to look there.</summary>
    static ICheckpointPlace? Of(DoctorSettings settings) => settings switch
    {
        { Checkpoints: CheckpointAddress.Folder place } => CheckpointFolders.In(place.Path),
        { Checkpoints: CheckpointAddress.Bucket bucket } => new CheckpointBucket(new S3CheckpointStores(bucket, CheckpointBucket.Patience, TimeProvider.System)),
        { Checkpoints: null, Runs: { } runs } => CheckpointFolders.OfRuns(runs),
        _ => null,
    };
}

/// <summary>A blob that is missing or damaged, and the checkpoint that needs it.</summary>
internal sealed record BlobFault(TrialId Trial, CheckpointManifest Checkpoint, Finding Finding);

/// <summary>What takes room and is of no use.</summary>
/// <param name="Bytes">Null where that is not told without asking for each.</param>
internal sealed record UnneededBlobs(int Count, long? Bytes, Action Clear)
{
    public static readonly UnneededBlobs None = new(0, 0, () => { });
}
