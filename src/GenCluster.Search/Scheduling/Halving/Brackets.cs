using System.Globalization;
using System.Text;

namespace GenCluster.Search.Scheduling.Halving;

/// <summary>Which of several brackets a trial is in, from its number alone: nothing to store, and a replay gives the same.</summary>
internal static class Brackets
{
    /// <summary>Spread by a hash of the number, in proportion to the weights, as Optuna does.</summary>
    public static int ByHash(int trial, IReadOnlyList<int> weights)
    {
        long place = Crc32(trial.ToString(CultureInfo.InvariantCulture)) % (uint)weights.Sum();
        return Filled(place, weights);
    }

    /// <summary>One bracket after the other is filled, then all over again.</summary>
    /// <returns>The bracket, and the number of its first trial.</returns>
    public static (int Bracket, int First) InTurn(int ordinal, IReadOnlyList<int> sizes)
    {
        int total = sizes.Sum();
        int cycle = (ordinal - 1) / total;
        int bracket = Filled((ordinal - 1) % total, sizes);
        return (bracket, cycle * total + sizes.Take(bracket).Sum() + 1);
    }

    /// <summary>
    /// The trials interleaved so that after each of them no bracket is a whole trial behind its share, and at the end each has
    /// exactly as many as it is to have.
    /// </summary>
    public static int Interleaved(int ordinal, IReadOnlyList<int> sizes)
    {
        double total = sizes.Sum();
        int[] taken = new int[sizes.Count];
        int chosen = 0;
        for (int n = 1; n <= ordinal; n++)
        {
            chosen = Enumerable.Range(0, sizes.Count).MaxBy(b => n * sizes[b] / total - taken[b]);
            taken[chosen]++;
        }

        return chosen;
    }

    /// <summary>CRC-32 as in zip files (ISO 3309).</summary>
    public static uint Crc32(string text)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }

        return ~crc;
    }

    private static int Filled(long place, IReadOnlyList<int> sizes)
    {
        int bracket = 0;
        while (place >= sizes[bracket])
            place -= sizes[bracket++];
        return bracket;
    }
}
