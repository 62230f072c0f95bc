using GenCluster.Core.Randomness;

namespace GenCluster.Training.Loop;

/// <summary>
/// Which image is at which position of an endless training: epoch after epoch, each a permutation of all images keyed
/// by seed and epoch. Batches follow each other without gaps, across the ends of epochs, so every epoch shows every
/// image exactly once.
/// </summary>
public sealed class DataOrder(long count, long seed)
{
    private KeyedPermutation? permutation;
    private long epoch = -1;

    /// <summary>The index of the image at <paramref name="position"/>.</summary>
    public long this[long position]
    {
        get
        {
            var (wanted, index) = Math.DivRem(position, count);
            if (permutation is null || wanted != epoch)
                (permutation, epoch) = (new KeyedPermutation(count, unchecked((ulong)seed), (uint)wanted), wanted);
            return permutation[index];
        }
    }
}
