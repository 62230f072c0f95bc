using System.Numerics;

namespace GenCluster.Collectives.Native;

/// <summary>Binds threads to cores.</summary>
internal static unsafe class CoreBinding
{
    private const int Words = 16; // 1,024 cores

    /// <summary>Binds the calling thread to one of the cores that it may use, counted round.</summary>
    public static void Bind(int index)
    {
        var mask = stackalloc ulong[Words];
        if (Libc.GetAffinity(0, Words * sizeof(ulong), mask) < 0)
        {
            return; // it is only a matter of speed
        }

        var cores = 0;
        for (var word = 0; word < Words; word++)
        {
            cores += BitOperations.PopCount(mask[word]);
        }

        Keep(mask, index % Math.Max(1, cores));
        _ = Libc.SetAffinity(0, Words * sizeof(ulong), mask);
    }

    /// <summary>Clears all bits but the one that is <paramref name="index"/>th of those that are set.</summary>
    private static void Keep(ulong* mask, int index)
    {
        for (var core = 0; core < Words * 64; core++)
        {
            ref var word = ref mask[core / 64];
            var bit = 1ul << (core % 64);
            if ((word & bit) != 0 && index-- != 0)
            {
                word &= ~bit;
            }
        }
    }
}
