using System.Numerics;

namespace GenCluster.Core.Randomness;

/// <summary>
/// A permutation of 0 .. Length-1 that is a pure function of a seed and an epoch: a four-round Feistel network over
/// the next even power of two (Luby and Rackoff 1988), walked along its cycles until the index is in range (Black and
/// Rogaway 2002). Nothing is shuffled and nothing is stored, so a data set of any size costs no memory.
/// </summary>
public sealed class KeyedPermutation
{
    private const int Rounds = 4;

    private readonly ulong seed;
    private readonly uint epoch;
    private readonly int halfBits;
    private readonly ulong halfMask;

    public KeyedPermutation(long length, ulong seed, uint epoch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        Length = length;
        this.seed = seed;
        this.epoch = epoch;
        int bits = Math.Max(2, 64 - BitOperations.LeadingZeroCount((ulong)length - 1));
        halfBits = (bits + 1) / 2;
        halfMask = (1UL << halfBits) - 1;
    }

    public long Length { get; }

    /// <summary>Where <paramref name="index"/> goes.</summary>
    public long this[long index]
    {
        get
        {
            if ((ulong)index >= (ulong)Length)
                throw new ArgumentOutOfRangeException(nameof(index), index, $"allowed are 0 to {Length - 1}");

            // The network permutes at most four times as many numbers, so a walk is short.
            ulong value = (ulong)index;
            do
                value = Feistel(value);
            while (value >= (ulong)Length);
            return (long)value;
        }
    }

    private ulong Feistel(ulong value)
    {
        ulong left = value >> halfBits, right = value & halfMask;
        for (uint round = 0; round < Rounds; round++)
        {
            var mixed = Philox.Block(seed, new UInt32x4((uint)right, epoch, round | (uint)StreamPurpose.DataOrder << 24, (uint)(right >> 32)));
            (left, right) = (right, left ^ (mixed.X0 & halfMask));
        }

        return left << halfBits | right;
    }
}
