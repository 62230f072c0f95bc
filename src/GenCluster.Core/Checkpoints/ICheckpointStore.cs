namespace GenCluster.Core.Checkpoints;

/// <summary>
/// Where the blobs of one trial live, as one writer sees them. Each writer puts into a space of its own, numbered by the
/// epoch of its lease, so a name that a collector condemned is never the name of a blob that somebody puts later. A blob
/// is visible only when it is complete and safely stored.
/// </summary>
/// <remarks>For the training thread: calls block, for a bounded time. One at a time.</remarks>
public interface ICheckpointStore
{
    /// <summary>Stores what <paramref name="write"/> writes. A blob that is in this writer's space already is shared, not written again.</summary>
    /// <exception cref="IOException">It could not be stored; nothing is visible of it.</exception>
    BlobRef Put(string name, Action<Stream> write);

    /// <summary>The blob's bytes, from whatever space it names, verified against length and hash before they are returned.</summary>
    /// <exception cref="CorruptBlobException">It is missing, truncated or has other content.</exception>
    /// <exception cref="IOException">The store cannot be reached, so nobody knows.</exception>
    byte[] Get(BlobRef blob);

    /// <summary>
    /// Removes the blobs of the trial, in all spaces, that are garbage. Whatever died over an upload left something
    /// unfinished: that is asked about under its space and <see cref="BlobKey.Unfinished"/>. What the store did not put
    /// there itself is left alone. May be cut off anywhere and done again.
    /// </summary>
    /// <returns>How many blobs were removed.</returns>
    /// <exception cref="IOException">Not everything could be removed; another time will.</exception>
    int Sweep(Predicate<BlobKey> isGarbage);
}

/// <summary>Opens the store that an operator chose.</summary>
public interface ICheckpointStores
{
    /// <param name="lease">The trial, and the epoch that becomes the writer's space.</param>
    /// <param name="cancellation">Ends whatever the store is waiting for; it then throws <see cref="OperationCanceledException"/>.</param>
    ICheckpointStore Open(Identity.Lease lease, CancellationToken cancellation);
}

/// <summary>A blob's place in the store of its trial.</summary>
/// <param name="Space">The epoch of the lease under which it was put; 0 for blobs of the first releases.</param>
/// <param name="Sha256">Lower-case hex of its bytes.</param>
public readonly record struct BlobKey(long Space, string Sha256)
{
    /// <summary>In place of a hash: an upload that never came to its end.</summary>
    public const string Unfinished = "";

    private const int Digits = 64;

    /// <summary>Whether a text is a hash and nothing else, and so may become part of a path.</summary>
    public static bool IsHash(string text) => text.Length == Digits && text.All(char.IsAsciiHexDigitLower);
}

/// <summary>A blob is not what its name says.</summary>
/// <param name="isMissing">It is not there at all.</param>
public sealed class CorruptBlobException(BlobRef blob, string reason, bool isMissing = false)
    : IOException($"checkpoint blob '{blob.Name}' ({blob.Sha256}) is {reason}")
{
    public BlobRef Blob { get; } = blob;

    public bool IsMissing { get; } = isMissing;
}
