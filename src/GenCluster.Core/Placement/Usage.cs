namespace GenCluster.Core.Placement;

/// <summary>Workers by project: what counts against a quota, and what counts for a fair share.</summary>
internal sealed class Usage(ProjectRules rules)
{
    private readonly Dictionary<string, int> held = [];
    private readonly Dictionary<string, int> settled = [];
    private readonly Dictionary<string, int> promised = [];

    /// <summary>Workers that the project may have besides those that it has and those that its first waiting trial needs.</summary>
    public int LeftOf(string project) => rules.QuotaOf(project) - HeldBy(project) - promised.GetValueOrDefault(project);

    public int HeldBy(string project) => held.GetValueOrDefault(project);

    /// <summary>The same, as if what is on its way back were back.</summary>
    public int SettledLeftOf(string project) => rules.QuotaOf(project) - settled.GetValueOrDefault(project);

    /// <summary>
    /// Which of two projects has less for its weight, once each has so many more: max-min fairness, which is dominant
    /// resource fairness (Ghodsi et al., NSDI 2011) with one resource.
    /// </summary>
    public int Compare(string left, string right, int moreLeft = 0, int moreRight = 0) =>
        ((long)(settled.GetValueOrDefault(left) + moreLeft) * rules.WeightOf(right)).CompareTo((long)(settled.GetValueOrDefault(right) + moreRight) * rules.WeightOf(left));

    public void Hold(string project, int workers)
    {
        held[project] = HeldBy(project) + workers;
        Settle(project, workers);
    }

    /// <summary>Keeps a part of the quota for a trial that waits: whoever comes next, and gangs that grow, must not count on it.</summary>
    public void Promise(string project, int workers) => promised[project] = promised.GetValueOrDefault(project) + workers;

    /// <summary>Workers that are going to come or, when negative, to go.</summary>
    public void Settle(string project, int workers) => settled[project] = settled.GetValueOrDefault(project) + workers;
}
