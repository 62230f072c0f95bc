namespace GenCluster.Core.Checkpoints;

/// <summary>
/// Where blobs of one trial live. A blob is visible only when it is complete and on disk (written aside, fsync,
/// rename, fsync of the folder).
/// </summary>
public interface ICheckpointStore
{
    /// <summary>Stores what <paramref name="write"/> writes. A blob that is there already is shared, not written again.</summary>
    /// <exception cref="IOException">It could not be stored; nothing is visible of it.</exception>
    BlobRef Put(string name, Action<Stream> write);

    /// <summary>The blob's bytes, verified against its hash before they are returned.</summary>
    /// <exception cref="CorruptBlobException">It is missing, truncated or has other content.</exception>
    byte[] Get(BlobRef blob);

    /// <summary>Removes every blob that no manifest in <paramref name="kept"/> names.</summary>
    void Retain(IEnumerable<CheckpointManifest> kept);
}

/// <summary>A blob is not what its name says.</summary>
public sealed class CorruptBlobException(BlobRef blob, string reason)
    : IOException($"checkpoint blob '{blob.Name}' ({blob.Sha256}) is {reason}")
{
    public BlobRef Blob { get; } = blob;
}
