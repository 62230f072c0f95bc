using MessagePack;

namespace GenCluster.Core.Checkpoints;

/// <summary>
/// A blob named by its content.
/// </summary>
/// <param name="Name">What it holds within the checkpoint, e.g. <c>generator.weights</c>.</param>
/// <param name="Sha256">Lower-case hex of its bytes; also its name in the store.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Space">The epoch of the lease under which it was put; 0 for blobs of the first releases, which had no spaces.</param>
[MessagePackObject]
public sealed record BlobRef(
    [property: Key(0)] string Name, [property: Key(1)] string Sha256, [property: Key(2)] long Length, [property: Key(3)] long Space = 0)
{
    [IgnoreMember]
    public BlobKey Key => new(Space, Sha256);
}

/// <summary>
/// A checkpoint: the step it was taken after and the blobs that hold the state. The manifest is an event; a checkpoint
/// exists from the moment its manifest is committed.
/// </summary>
/// <param name="Numerics">What the bits depend on besides the definition (device, threads, libtorch); compared on resume.</param>
[MessagePackObject]
public sealed record CheckpointManifest([property: Key(0)] int Step, [property: Key(1)] BlobRef[] Blobs, [property: Key(2)] string Numerics)
{
    public bool Equals(CheckpointManifest? other) =>
        other is not null && Step == other.Step && Numerics == other.Numerics && Blobs.AsSpan().SequenceEqual(other.Blobs);

    public override int GetHashCode() => HashCode.Combine(Step, Numerics, Blobs.Length);
}
