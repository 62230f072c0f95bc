using GenCluster.Core.Parameters;
using GenCluster.Core.Trials;

namespace GenCluster.Core.Sweeps;

/// <summary>
/// Which trials are better than others. Trials that succeeded come first, then those that were stopped early, then all
/// others; among them those that meet all constraints on metrics; among these, with one objective, the better value, and with
/// several the front that they are on (Deb et al. 2002, section III A), and the first objective on the same front.
/// </summary>
public sealed class TrialOrdering(SweepSpec spec)
{
    private readonly ObjectiveSpec[] objectives = [spec.Objective, .. spec.Comparison.Others];

    /// <summary>From the best to the worst; equals by number.</summary>
    public IReadOnlyList<TrialRecord> Sort(IEnumerable<TrialRecord> trials) => Sort(trials, StandingOf);

    /// <summary>The trials that no other is better than: one, or a front of them when there are several objectives. Only such as have a result.</summary>
    public IReadOnlyList<TrialRecord> Best(IEnumerable<TrialRecord> trials)
    {
        var ranked = Rank(trials, StandingOf).Where(r => r.Standing.Group < TrialStanding.Others && double.IsFinite(r.Standing.Values[0])).ToArray();
        if (ranked.Length == 0)
            return [];
        var first = ranked[0];
        return [.. ranked.TakeWhile((r, i) => i == 0 || (objectives.Length > 1 && r.IsLevelWith(first))).Select(r => r.Trial)];
    }

    internal IReadOnlyList<T> Sort<T>(IEnumerable<T> trials, Func<T, TrialStanding> standing) => [.. Rank(trials, standing).Select(r => r.Trial)];

    /// <param name="phase">Where the trial is in its life.</param>
    /// <param name="metric">The value of a metric; null when it is not known.</param>
    internal TrialStanding Standing(int number, TrialPhase phase, Func<string, double?> metric)
    {
        int group = phase switch
        {
            TrialPhase.Failed or TrialPhase.Cancelled => TrialStanding.Others,
            TrialPhase.Pruned => TrialStanding.Stopped,
            _ => TrialStanding.Counts,
        };
        bool meets = Array.TrueForAll(spec.Comparison.Constraints, c => c.Holds(name => metric(name) is { } value ? ParameterValue.Of(value) : null) is true);
        double[] values = [.. objectives.Select(o => group == TrialStanding.Others ? double.NaN : metric(o.Metric) ?? double.NaN)];
        return new TrialStanding(number, group, meets, values);
    }

    private TrialStanding StandingOf(TrialRecord trial) => trial.Outcome is { } outcome
        ? Standing(trial.Number, outcome.Phase, name => outcome.Find(name) ?? (name == spec.Objective.Metric ? outcome.Objective : null))
        : new TrialStanding(trial.Number, TrialStanding.Others, MeetsConstraints: true, [.. objectives.Select(_ => double.NaN)]);

    private List<Ranked<T>> Rank<T>(IEnumerable<T> trials, Func<T, TrialStanding> standing)
    {
        List<Ranked<T>> all = [.. trials.Select(trial => new Ranked<T>(trial, standing(trial)))];
        if (objectives.Length > 1)
        {
            foreach (var alike in all.GroupBy(r => (r.Standing.Group, r.Standing.MeetsConstraints)))
                PutOnFronts([.. alike]);
        }

        var order = Comparer<double>.Create((a, b) => spec.Objective.IsBetter(a, b) ? -1 : spec.Objective.IsBetter(b, a) ? 1 : 0);
        return [.. all.OrderBy(r => r.Standing.Group).ThenByDescending(r => r.Standing.MeetsConstraints).ThenBy(r => r.Front)
            .ThenBy(r => r.Standing.Values[0], order).ThenBy(r => r.Standing.Number)];
    }

    private void PutOnFronts<T>(Ranked<T>[] alike)
    {
        int[] fronts = ParetoFronts.Of(Array.ConvertAll(alike, r => r.Standing.Values.Select((v, i) => objectives[i].Cost(v)).ToArray()));
        foreach (var (i, ranked) in alike.Index())
            ranked.Front = fronts[i];
    }

    private sealed class Ranked<T>(T trial, TrialStanding standing)
    {
        public T Trial { get; } = trial;

        public TrialStanding Standing { get; } = standing;

        public int Front { get; set; }

        public bool IsLevelWith(Ranked<T> other) =>
            (Standing.Group, Standing.MeetsConstraints, Front) == (other.Standing.Group, other.Standing.MeetsConstraints, other.Front);
    }
}

/// <summary>What an order of trials goes by.</summary>
/// <param name="Group">One of the constants here; less is better.</param>
/// <param name="Values">One for each objective; not a number where there is none.</param>
internal sealed record TrialStanding(int Number, int Group, bool MeetsConstraints, double[] Values)
{
    public const int Counts = 0;
    public const int Stopped = 1;
    public const int Others = 2;
}
