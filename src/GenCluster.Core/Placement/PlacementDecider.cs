using GenCluster.Core.Identity;

namespace GenCluster.Core.Placement;

/// <summary>Divides workers among trials: a pure function, whose answer holds the reasons too.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>A gang is complete or does not exist. Nobody holds a part of one, so nobody can wait for another in a circle.</item>
/// <item>Higher priorities come first; among equals the project that has fewest workers for its weight, within its quota.</item>
/// <item>The first that cannot be served keeps the workers that it could use (<see cref="Reservation"/>), so none starves:
/// when those with higher priorities are served, every gang that ends brings the head nearer, and every trial becomes head.</item>
/// <item>Gangs above their minimum shrink for whoever waits. Lower priorities stop for higher ones where that is not enough.</item>
/// <item>What nobody needs now makes gangs grow, and is given back when somebody needs it. Gangs never take from each other
/// to grow, and what the next decision would take back is not given, so without news nothing goes to and fro.</item>
/// <item>Trials whose members share a device never need more memory together than it has.</item>
/// </list>
/// </remarks>
public static class PlacementDecider
{
    public static PlacementPlan Decide(PlacementState state)
    {
        var plan = new Deliberation(state).Decide();
        while (TakenBack(state, plan) is { Count: > 0 } workers)
            plan = plan.Without(workers);
        return plan;
    }

    /// <summary>
    /// Workers that the next decision would take again though nothing has happened: a gang that got some can spare others, and
    /// with these a trial could be served that waits, and wants both.
    /// </summary>
    private static HashSet<WorkerId> TakenBack(PlacementState state, PlacementPlan plan)
    {
        HashSet<WorkerId> given = [.. plan.Given];
        if (given.Count == 0 || plan.Waits.Count == 0)
            return [];
        var next = new Deliberation(state.After(plan)).Decide();
        return [.. next.Shrinkages.SelectMany(s => s.Workers).Where(given.Contains)];
    }
}
