namespace GenCluster.Core.Gangs;

/// <summary>How many shards of each batch the members of a gang compute; at least one each. It changes no result.</summary>
public static class ShardShares
{
    /// <summary>By how much a step has to become shorter for shards to move: measurements vary, and every move costs a moment.</summary>
    public const double WorthwhileGain = 0.1;

    private const double SmallestTime = 1e-9; // keeps a nonsensical zero from being infinitely fast

    /// <summary>As even as can be; where it does not come out even, the first members have one more.</summary>
    /// <exception cref="ArgumentException">There are more members than shards, or none.</exception>
    public static int[] Even(int shards, int members)
    {
        Check(shards, members);
        return [.. Enumerable.Range(0, members).Select(m => (shards / members) + (m < shards % members ? 1 : 0))];
    }

    /// <summary>The shares with which the slowest member of a step is done first.</summary>
    /// <param name="secondsPerShard">Each member's time for one shard.</param>
    /// <exception cref="ArgumentException">There are more members than shards, or none.</exception>
    public static int[] Of(int shards, ReadOnlySpan<double> secondsPerShard)
    {
        Check(shards, secondsPerShard.Length);
        int[] shares = new int[secondsPerShard.Length];
        Array.Fill(shares, 1);
        for (int rest = shards - shares.Length; rest > 0; rest--)
        {
            // One at a time to whoever would be done with it first: no other way ends earlier.
            int next = 0;
            for (int m = 1; m < shares.Length; m++)
            {
                if (TimeOf(shares[m] + 1, secondsPerShard[m]) < TimeOf(shares[next] + 1, secondsPerShard[next]))
                    next = m;
            }

            shares[next]++;
        }

        return shares;
    }

    /// <summary>Better shares than the present ones, or null when no others are worth the move.</summary>
    public static int[]? Better(ReadOnlySpan<int> shares, ReadOnlySpan<double> secondsPerShard)
    {
        int shards = 0;
        foreach (int share in shares)
            shards += share;
        int[] best = Of(shards, secondsPerShard);
        return StepTime(best, secondsPerShard) <= (1 - WorthwhileGain) * StepTime(shares, secondsPerShard) ? best : null;
    }

    /// <summary>How long the slowest member computes.</summary>
    public static double StepTime(ReadOnlySpan<int> shares, ReadOnlySpan<double> secondsPerShard)
    {
        double longest = 0;
        for (int m = 0; m < shares.Length; m++)
            longest = Math.Max(longest, TimeOf(shares[m], secondsPerShard[m]));
        return longest;
    }

    private static double TimeOf(int shares, double seconds) => shares * Math.Max(seconds, SmallestTime);

    private static void Check(int shards, int members)
    {
        if (members < 1 || members > shards)
            throw new ArgumentException($"cannot divide {shards} shards among {members} members; every member needs at least one", nameof(members));
    }
}
