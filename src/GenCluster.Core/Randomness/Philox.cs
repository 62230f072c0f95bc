namespace GenCluster.Core.Randomness;

/// <summary>
/// The counter-based generator Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011):
/// 128 random bits as a pure function of a 128-bit counter and a 64-bit key. There is no state to save, and any part
/// of any stream can be computed anywhere.
/// </summary>
public static class Philox
{
    private const uint M0 = 0xD2511F53, M1 = 0xCD9E8D57; // multipliers, section 4.3
    private const uint W0 = 0x9E3779B9, W1 = 0xBB67AE85; // Weyl constants of the key schedule
    private const int Rounds = 10;

    /// <summary>The four random words at <paramref name="counter"/>.</summary>
    public static UInt32x4 Block(ulong key, UInt32x4 counter)
    {
        uint k0 = (uint)key, k1 = (uint)(key >> 32);
        var (c0, c1, c2, c3) = (counter.X0, counter.X1, counter.X2, counter.X3);
        for (int round = 0; round < Rounds; round++)
        {
            ulong p0 = (ulong)M0 * c0, p1 = (ulong)M1 * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += W0;
            k1 += W1;
        }

        return new UInt32x4(c0, c1, c2, c3);
    }
}

/// <summary>Four 32-bit words: a counter, or a block of random bits.</summary>
public readonly record struct UInt32x4(uint X0, uint X1, uint X2, uint X3);
