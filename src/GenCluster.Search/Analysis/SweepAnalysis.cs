using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;
using GenCluster.Search.Planning;

namespace GenCluster.Search.Analysis;

/// <summary>What a sweep's trials tell about its search: a pure function of the specification and the trials that ended.</summary>
/// <param name="Objectives">The objective first, then the further ones.</param>
/// <param name="Ended">Trials that ended, however they did.</param>
/// <param name="Compared">Those of them that were trained to their end, have a value of each objective and meet all constraints.</param>
/// <param name="Best">The best ones by the objective, the best first, at most <see cref="MostBest"/>; equals by number.</param>
/// <param name="Importance">For each objective.</param>
/// <param name="Front">Trials that no other one beats in all objectives; with one objective the best and its equals.</param>
/// <param name="ExpectedBest">Of the first objective.</param>
/// <param name="BestSoFar">Of the first objective, in the order in which trials ended.</param>
public sealed record SweepAnalysis(
    IReadOnlyList<AnalysedObjective> Objectives,
    int Ended,
    int Compared,
    IReadOnlyList<TrialStanding> Best,
    IReadOnlyList<Importance> Importance,
    IReadOnlyList<TrialStanding> Front,
    IReadOnlyList<ExpectedBestPoint> ExpectedBest,
    IReadOnlyList<BestSoFarPoint> BestSoFar,
    IReadOnlyList<Slice> Slices,
    ParallelCoordinates ParallelCoordinates)
{
    public const int MostBest = 10;

    /// <param name="trials">In the order in which they ended; those that have not are passed over.</param>
    public static SweepAnalysis Of(SweepSpec spec, IReadOnlyList<TrialRecord> trials)
    {
        TrialRecord[] ended = [.. trials.Where(t => t.Outcome is not null)];
        Contender?[] contenders = [.. ended.Select(t => Contender.Of(t, spec))];
        Contender[] shown = [.. contenders.OfType<Contender>().OrderBy(c => c.Trial)];
        Contender[] compared = [.. shown.Where(c => c.Competes)];
        var objectives = Contender.Objectives(spec);
        return new SweepAnalysis(
            [.. objectives.Select(o => new AnalysedObjective(o.Metric, $"{o.Goal}", o.Target))],
            ended.Length,
            compared.Length,
            [.. BestOf(compared, spec.Objective).Take(MostBest)],
            ImportanceOf(spec, shown, objectives),
            [.. ParetoFront.Of(compared, objectives).Select(TrialStanding.Of)],
            Analysis.ExpectedBest.Of(compared.Select(c => c.Values[0]), spec.Objective.Goal),
            Analysis.BestSoFar.Of(contenders, spec.Objective),
            Slice.Of(spec.Parameters, shown),
            ParallelCoordinates.Of(spec.Parameters, shown));
    }

    private static IEnumerable<TrialStanding> BestOf(IEnumerable<Contender> compared, ObjectiveSpec objective)
    {
        var order = Comparer<double>.Create((a, b) => objective.IsBetter(a, b) ? -1 : objective.IsBetter(b, a) ? 1 : 0);
        return compared.OrderBy(c => c.Values[0], order).ThenBy(c => c.Trial).Select(TrialStanding.Of);
    }

    // One that breaks a constraint tells as much about what matters as one that meets it.
    private static IReadOnlyList<Importance> ImportanceOf(SweepSpec spec, IEnumerable<Contender> shown, IReadOnlyList<ObjectiveSpec> objectives)
    {
        Contender[] complete = [.. shown.Where(c => c.IsComplete)];
        return [.. objectives.Select((o, i) => Analysis.Importance.Of(
            o.Metric, spec.Parameters, [.. complete.Select(c => c.Assignment)], [.. complete.Select(c => c.Values[i])], spec.Random()))];
    }
}

/// <summary>An objective.</summary>
/// <param name="Goal">Minimize or Maximize.</param>
public sealed record AnalysedObjective(string Metric, string Goal, double? Target);

/// <summary>A trial among the best.</summary>
/// <param name="Values">Of each objective, in order.</param>
/// <param name="Parameters">Path of each searched hyperparameter, its value.</param>
public sealed record TrialStanding(int Trial, IReadOnlyList<double> Values, Assignment Parameters)
{
    public static TrialStanding Of(Contender one) => new(one.Trial, one.Values, one.Assignment);
}
