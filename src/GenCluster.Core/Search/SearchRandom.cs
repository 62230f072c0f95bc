using GenCluster.Core.Randomness;

namespace GenCluster.Core.Search;

/// <summary>Random numbers of a search, keyed by (sweep seed, trial number, use).</summary>
public readonly record struct SearchRandom(ulong Seed)
{
    /// <param name="trial">The number of the trial that the numbers are for.</param>
    /// <param name="use">Tells apart the draws that an algorithm makes for one trial.</param>
    public RandomStream For(int trial, byte use = 0) => new(Seed, new StreamAddress(StreamPurpose.Search, (uint)trial, use));
}
