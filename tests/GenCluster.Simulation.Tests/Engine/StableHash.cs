using System.Buffers.Binary;

namespace GenCluster.Simulation.Tests.Engine;

/// <summary>Hashes that are the same in every process, unlike those of strings.</summary>
internal static class StableHash
{
    public static ulong Mix(ulong a, ulong b)
    {
        ulong x = a + (0x9E3779B97F4A7C15 * (b + 1));
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }

    public static ulong Of(string text)
    {
        ulong hash = (ulong)text.Length;
        foreach (char c in text)
            hash = (hash ^ c) * 0x100000001B3;
        return Mix(hash, 0);
    }

    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        ulong hash = (ulong)bytes.Length;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (byte b in bytes)
            hash = (hash ^ b) * 0x100000001B3;
        return hash;
    }
}
