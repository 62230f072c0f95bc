using GenCluster.Core.Sweeps;
using GenCluster.Search.Standings;

namespace GenCluster.Search.Sampling.Knowledge;

/// <summary>Which of several observations is better.</summary>
internal static class Merit
{
    /// <summary>
    /// All that are known, the best first: those measured to the end by their loss, then pruned ones, the longest trained
    /// first and equals by loss, then infeasible ones by how many constraints they violate, then failed ones. Equals keep their
    /// order, so the older is better. With several objectives the loss is the front (<see cref="ParetoFronts"/>), and within it how
    /// lonely a point is.
    /// </summary>
    public static List<Observation> BestFirst(IEnumerable<Observation> observations)
    {
        var known = observations.Where(o => o.Standing is not Standing.Running).ToList();
        return [.. new[] { Standing.Complete, Standing.Pruned, Standing.Infeasible, Standing.Failed }
            .SelectMany(standing => Within(standing, [.. known.Where(o => o.Standing == standing)]))];
    }

    private static IEnumerable<Observation> Within(Standing standing, List<Observation> equals) => standing switch
    {
        Standing.Complete => ByLoss(equals),
        Standing.Pruned => ByLoss(equals).OrderByDescending(o => o.Step),
        Standing.Infeasible => ByLoss(equals).OrderBy(o => o.Violations),
        _ => equals,
    };

    private static IEnumerable<Observation> ByLoss(List<Observation> equals)
    {
        if (equals.Count == 0 || equals[0].Losses.Length == 1)
            return equals.OrderBy(o => o.Losses[0]);
        int[] fronts = ParetoFronts.Of(equals.ConvertAll(o => o.Losses));
        return equals.Zip(fronts).GroupBy(p => p.Second, p => p.First).OrderBy(front => front.Key).SelectMany(front =>
            front.Zip(Crowding.Distances([.. front.Select(o => o.Losses)])).OrderByDescending(p => p.Second).Select(p => p.First));
    }
}
