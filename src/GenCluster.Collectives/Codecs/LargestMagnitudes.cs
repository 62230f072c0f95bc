using System.Numerics;
using System.Runtime.InteropServices;

namespace GenCluster.Collectives.Codecs;

/// <summary>
/// Selects by magnitude. The magnitude of the last element kept is found bit by bit from the top: how many magnitudes lie
/// above a value is one pass of compares over a block that stays in the first-level cache. Nothing is moved or sorted.
/// </summary>
internal static class LargestMagnitudes
{
    private const int Magnitude = 0x7fff_ffff;
    private const int TopBit = 30;

    /// <summary>Writes the elements of the largest magnitude and where they were, in their order; of equal ones the first are taken.</summary>
    /// <param name="values">As many as are wanted, at least one and at most all.</param>
    public static void Select(ReadOnlySpan<float> block, Span<float> values, Span<ushort> places)
    {
        var bits = MemoryMarshal.Cast<float, int>(block);
        var (above, ties) = Threshold(bits, values.Length);
        var taken = 0;
        for (var start = 0; start < bits.Length && taken < values.Length; start += Vector<int>.Count)
        {
            var end = Math.Min(start + Vector<int>.Count, bits.Length);
            if (end - start == Vector<int>.Count
                && Vector.LessThanAll(new Vector<int>(bits[start..]) & Vector.Create(Magnitude), Vector.Create(above)))
            {
                continue;
            }

            for (var i = start; i < end; i++)
            {
                var magnitude = bits[i] & Magnitude;
                if (magnitude < above || (magnitude == above && ties-- <= 0))
                {
                    continue;
                }

                values[taken] = block[i];
                places[taken++] = (ushort)i;
            }
        }
    }

    /// <summary>The least magnitude that is kept, as bits, and how many of exactly this one are.</summary>
    private static (int Least, int Ties) Threshold(ReadOnlySpan<int> bits, int wanted)
    {
        var (least, count) = (0, bits.Length); // count: magnitudes of at least `least`
        for (var bit = TopBit; bit >= 0 && count > wanted; bit--)
        {
            var candidate = least | (1 << bit);
            if (CountAbove(bits, candidate - 1) is var more && more >= wanted)
            {
                (least, count) = (candidate, more);
            }
        }

        return (least, count == wanted ? int.MaxValue : wanted - CountAbove(bits, least));
    }

    private static int CountAbove(ReadOnlySpan<int> bits, int limit)
    {
        ref var first = ref MemoryMarshal.GetReference(bits);
        var (least, mask) = (Vector.Create(limit), Vector.Create(Magnitude));
        var (even, odd) = (Vector<int>.Zero, Vector<int>.Zero); // a compare gives -1 where it is true
        var i = 0;
        for (; i <= bits.Length - (2 * Vector<int>.Count); i += 2 * Vector<int>.Count)
        {
            even += Vector.GreaterThan(Vector.LoadUnsafe(ref first, (nuint)i) & mask, least);
            odd += Vector.GreaterThan(Vector.LoadUnsafe(ref first, (nuint)(i + Vector<int>.Count)) & mask, least);
        }

        var count = -Vector.Sum(even + odd);
        for (; i < bits.Length; i++)
        {
            count += (bits[i] & Magnitude) > limit ? 1 : 0;
        }

        return count;
    }
}
