using GenCluster.Core.Search;
using GenCluster.Core.Trials;
using GenCluster.Search.Scheduling.Halving;

namespace GenCluster.Search.Scheduling.Dialects;

/// <summary>
/// Determined's adaptive ASHA: rungs are counted down from the last step, a newcomer is better than its equals, and a trial
/// that crashes enters its rung as the worst there can be. One whose hyperparameters are no good is taken out of all rungs.
/// </summary>
internal sealed class DeterminedDialect : Dialect
{
    private readonly double factor;
    private readonly int most;
    private readonly List<int> rungsOfBrackets;
    private readonly IReadOnlyList<int> shares;
    private readonly HashSet<int> invalid;
    private readonly Dictionary<int, int> next = [];
    private readonly Dictionary<(int Bracket, int Rung), List<double>> recorded = [];

    public DeterminedDialect(SearchHistory history, AlgorithmOptions options)
        : base(history)
    {
        factor = options.Number("reductionFactor");
        most = options.Integer("maxSteps") is > 0 and var given ? given : history.Steps;
        int rungs = MostRungs(options.Integer("maxRungs"), factor, most, history.PlannedTrials);
        rungsOfBrackets = RungsOfBrackets(options.Text("bracketMode"), rungs);
        shares = Shares(rungsOfBrackets, factor, history.PlannedTrials);
        invalid = [.. history.Trials.Where(t => t.Outcome?.Failure is FailureClass.UserError).Select(t => t.Number)];
    }

    /// <summary>As many rungs as were asked for, and as steps and trials suffice for.</summary>
    public static int MostRungs(int wanted, double factor, int steps, int trials) =>
        Math.Max(1, Math.Min(wanted, Math.Min((int)(Math.Log(steps) / Math.Log(factor)) + 1, (int)(Math.Log(trials) / Math.Log(factor)) + 1)));

    /// <summary>How many rungs each bracket has, most first.</summary>
    public static List<int> RungsOfBrackets(string mode, int most)
    {
        int fewest = mode switch { "conservative" => 1, "standard" => (most - 1) / 2 + 1, _ => most };
        return [.. Enumerable.Range(fewest, most - fewest + 1).Reverse()];
    }

    /// <summary>Trials of each bracket, in proportion to factor^(rungs - 1) / rungs; what is left goes to the first.</summary>
    public static IReadOnlyList<int> Shares(IReadOnlyList<int> rungs, double factor, int trials)
    {
        double[] weights = [.. rungs.Select(r => Math.Pow(factor, r - 1) / r)];
        int[] shares = [.. weights.Select(w => Math.Max((int)(w / weights.Sum() * trials), 1))];
        shares[0] += Math.Max(trials - shares.Sum(), 0);
        return shares;
    }

    /// <summary>The step of a rung; the top one is the last step.</summary>
    public static int Level(int rung, int rungs, double factor, int steps) => Math.Max((int)(steps / Math.Pow(factor, rungs - 1 - rung)), 1);

    protected override Ruling? Take(TrialReport report)
    {
        if (invalid.Contains(report.Number))
            return null;
        int bracket = Brackets.Interleaved(report.Number, shares), rungs = rungsOfBrackets[bracket];
        for (int k = next.GetValueOrDefault(report.Number); k < rungs; k++)
        {
            int level = Level(k, rungs, factor, most);
            if (report.Step < level)
                return null;
            var values = At(bracket, k);
            int place = Insert(values, Signed(report));
            next[report.Number] = k + 1;
            if (k == rungs - 1)
                return Ruling(report, level, values.Count, null, "determined, last step");
            int kept = Math.Max((int)(values.Count / factor), 1);
            if (place >= kept)
                return Ruling(report, level, values.Count, values[kept - 1], "determined");
        }

        return null;
    }

    protected override void End(int trial, TrialReport? last, TrialOutcome outcome)
    {
        if (outcome.Phase is not TrialPhase.Failed || invalid.Contains(trial))
            return;
        int bracket = Brackets.Interleaved(trial, shares);
        if (next.GetValueOrDefault(trial) is var rung && rung < rungsOfBrackets[bracket])
            Insert(At(bracket, rung), double.MaxValue);
    }

    /// <summary>Puts a value before its equals, and not a number where the largest are.</summary>
    private static int Insert(List<double> values, double value)
    {
        int place = values.FindIndex(v => v >= value);
        if (place < 0)
            place = values.Count;
        values.Insert(place, value);
        return place;
    }

    private List<double> At(int bracket, int rung)
    {
        if (!recorded.TryGetValue((bracket, rung), out var values))
            recorded.Add((bracket, rung), values = []);
        return values;
    }
}
