using GenCluster.Core.Sweeps;

namespace GenCluster.Search.Analysis;

/// <summary>Which of several are best when there is more than one objective.</summary>
public static class ParetoFront
{
    /// <summary>
    /// The trials that no other one dominates (Deb et al. 2002): none is at least as good in all objectives and better in one.
    /// Equals are all on the front. By number; trials that do not compete are left out.
    /// </summary>
    public static IReadOnlyList<Contender> Of(IEnumerable<Contender> contenders, IReadOnlyList<ObjectiveSpec> objectives)
    {
        Contender[] competing = [.. contenders.Where(c => c.Competes)];
        int[] fronts = ParetoFronts.Of(Array.ConvertAll(competing, c => c.Values.Select((v, i) => objectives[i].Cost(v)).ToArray()));
        return [.. competing.Where((_, i) => fronts[i] == 0).OrderBy(c => c.Trial)];
    }
}
