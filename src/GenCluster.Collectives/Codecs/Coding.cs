using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Codecs;

/// <summary>
/// An option of a member's accumulator: sums of some buckets are coded. Nothing else changes for who trains. What
/// <see cref="CodedTree"/> computes is divided among the members: each rounds the nodes below its partials when their shards are
/// committed and leaves a partial's code where the partial was; codes are what crosses wires or is read in common memory; the owner of
/// a slice finishes the tree on them, node by node; the root's code goes to all, and each decodes it.
/// All members need the same codec. After a broken sum residuals hold rubbish: training goes back to where there were none.
/// </summary>
public sealed class Coding
{
    private const int LeastElements = 16; // the code of very few is longer than they are

    private readonly bool[][] covered; // by phase and bucket

    /// <param name="residuals">What earlier sums of the same gang have left out.</param>
    /// <param name="covers">Whether a phase's bucket is coded; those of fewer than 16 elements never are.</param>
    public Coding(ICodec codec, Residuals residuals, Func<int, int, bool> covers)
    {
        ArgumentNullException.ThrowIfNull(codec);
        ArgumentNullException.ThrowIfNull(residuals);
        Codec = codec;
        Residuals = residuals;
        Scratch = (new float[Codecs.Codec.BlockElements], new float[Codecs.Codec.BlockElements]);
        covered = [.. residuals.Layout.Phases.Select((phase, p) =>
            phase.Select((bucket, b) => bucket.Length >= LeastElements && !codec.IsExact && covers(p, b)).ToArray())];
    }

    public ICodec Codec { get; }

    public Residuals Residuals { get; }

    /// <summary>A bucket as its code, or null when it is not coded.</summary>
    internal CodedBucket? Of(int phase, int bucket) => covered[phase][bucket] ? new CodedBucket(this, phase, bucket) : null;

    /// <summary>Two blocks for decoding into. Sums of one gang run on one thread at a time.</summary>
    internal (float[] Left, float[] Right) Scratch { get; }
}
