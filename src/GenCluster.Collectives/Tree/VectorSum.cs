using System.Numerics;
using System.Runtime.InteropServices;

namespace GenCluster.Collectives.Tree;

/// <summary>The one addition of the summation tree.</summary>
internal static class VectorSum
{
    /// <summary><paramref name="into"/> = <paramref name="left"/> + <paramref name="right"/>; it may be either of them, but must not overlap them otherwise.</summary>
    public static void Add(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> into)
    {
        if (left.Length != right.Length || left.Length != into.Length)
        {
            throw new ArgumentException($"cannot add {left.Length} and {right.Length} elements into {into.Length}; the three lengths must be equal");
        }

        ref var l = ref MemoryMarshal.GetReference(left);
        ref var r = ref MemoryMarshal.GetReference(right);
        ref var sum = ref MemoryMarshal.GetReference(into);
        var i = 0;
        for (; i <= into.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            (Vector.LoadUnsafe(ref l, (nuint)i) + Vector.LoadUnsafe(ref r, (nuint)i)).StoreUnsafe(ref sum, (nuint)i);
        }

        for (; i < into.Length; i++)
        {
            into[i] = left[i] + right[i];
        }
    }
}
