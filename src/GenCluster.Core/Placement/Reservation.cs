namespace GenCluster.Core.Placement;

/// <summary>
/// What is kept for the head of the queue, the first wish that cannot be served: EASY backfilling (Lifka 1995), where a
/// later and smaller one may start if that does not delay the head.
/// </summary>
/// <remarks>
/// <para>
/// EASY compares expected run times. Ours are unknown, so the rule must hold whatever they are. The head needs n more
/// workers than it could have at once, and gets them when running gangs end; of a gang that ends, all members come free
/// together. It is served when gangs have ended that sum up to n or more. Let s be the smallest such sum: with s - n
/// workers fewer every sum that was enough is still enough, so these may be used by others; with one worker more s is not.
/// Whoever uses them is a running gang itself, and gives back when it ends what it took, so the argument holds again.
/// </para>
/// <para>What serves the head with workers that are on their way in any case keeps all that is free: it is soon.</para>
/// </remarks>
public static class Reservation
{
    /// <summary>How many workers others may use without delaying a head.</summary>
    /// <param name="missing">How many it lacks.</param>
    /// <param name="gangs">Workers that come free together, of those that it could use.</param>
    public static int Spare(int missing, IReadOnlyCollection<int> gangs)
    {
        bool[] attainable = new bool[gangs.Sum() + 1];
        attainable[0] = true;
        foreach (int gang in gangs)
        {
            for (int sum = attainable.Length - 1; sum >= gang; sum--)
                attainable[sum] |= attainable[sum - gang];
        }

        for (int sum = missing; sum < attainable.Length; sum++)
        {
            if (attainable[sum])
                return sum - missing;
        }

        return 0;
    }
}
