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
        List<Contender> front = [];
        foreach (var one in contenders.Where(c => c.Competes))
        {
            if (front.Exists(f => Dominates(f.Values, one.Values, objectives)))
                continue;
            front.RemoveAll(f => Dominates(one.Values, f.Values, objectives));
            front.Add(one);
        }

        return [.. front.OrderBy(c => c.Trial)];
    }

    /// <summary>Whether the left one is at least as good in all objectives, and better in one.</summary>
    public static bool Dominates(IReadOnlyList<double> left, IReadOnlyList<double> right, IReadOnlyList<ObjectiveSpec> objectives)
    {
        bool better = false;
        for (int i = 0; i < objectives.Count; i++)
        {
            if (objectives[i].IsBetter(right[i], left[i]))
                return false;
            better |= objectives[i].IsBetter(left[i], right[i]);
        }

        return better;
    }
}
