using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace GenCluster.Collectives.Tree;

/// <summary>The one addition of the summation tree. Every path gives the same bits.</summary>
internal static unsafe class VectorSum
{
    /// <summary><paramref name="into"/> = <paramref name="left"/> + <paramref name="right"/>; it may be either of them, but must not overlap them otherwise.</summary>
    public static void Add(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> into)
    {
        if (left.Length != right.Length || left.Length != into.Length)
        {
            throw new ArgumentException($"cannot add {left.Length} and {right.Length} elements into {into.Length}; the three lengths must be equal");
        }

        fixed (float* l = &MemoryMarshal.GetReference(left), r = &MemoryMarshal.GetReference(right), sum = &MemoryMarshal.GetReference(into))
        {
            Add(l, r, sum, into.Length);
        }
    }

    /// <summary>The same into one place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(float* left, float* right, float* into, nint length)
    {
        nint i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i <= length - Vector512<float>.Count; i += Vector512<float>.Count)
            {
                (Vector512.Load(left + i) + Vector512.Load(right + i)).Store(into + i);
            }
        }
        else
        {
            for (; i <= length - Vector<float>.Count; i += Vector<float>.Count)
            {
                (Vector.Load(left + i) + Vector.Load(right + i)).Store(into + i);
            }
        }

        for (; i < length; i++)
        {
            into[i] = left[i] + right[i];
        }
    }

    public static void Copy(float* from, float* to, nint length) => Unsafe.CopyBlock(to, from, checked((uint)(length * sizeof(float))));
}
