using GenCluster.Core.Search;

namespace GenCluster.Search.Scheduling.Halving;

/// <summary>Brackets of Hyperband (Li, Jamieson, DeSalvo, Rostamizadeh, Talwalkar: Hyperband, JMLR 2018, algorithm 1).</summary>
/// <param name="Most">Steps of a trial that is trained to its end: R.</param>
/// <param name="Least">Steps of the shortest rung: r.</param>
/// <param name="Factor">η.</param>
internal sealed record BracketPlan(double Most, double Least, double Factor, bool RoundsUp)
{
    /// <summary>Rounding errors of logarithms and powers must not change a whole number.</summary>
    private const double Slack = 1e-9;

    /// <summary>s_max: rungs of the first bracket besides the last step.</summary>
    public int Highest => Math.Max(0, (int)Math.Floor(Math.Log(Most / Least) / Math.Log(Factor) + Slack));

    /// <summary>Trials of each bracket, that with the most rungs first: n = ⌈(s_max + 1) η^s / (s + 1)⌉.</summary>
    public IReadOnlyList<int> Sizes => [.. Enumerable.Range(0, Highest + 1).Reverse()
        .Select(s => (int)Math.Ceiling((Highest + 1) * Math.Pow(Factor, s) / (s + 1) - Slack))];

    /// <summary>Steps of a bracket's rungs, the last step included: R η^-s, … , R.</summary>
    public IReadOnlyList<double> Steps(int bracket) => [.. Enumerable.Range(0, Highest - bracket + 1).Reverse().Select(i => Most * Math.Pow(Factor, -i))];

    /// <summary>How many of a rung go on: at least one.</summary>
    public int Kept(int count) => Math.Max(1, (int)(RoundsUp ? Math.Ceiling(count / Factor - Slack) : Math.Floor(count / Factor + Slack)));

    public static BracketPlan Of(SearchHistory history, AlgorithmOptions options) => new(
        history.Steps,
        Math.Clamp(options.Integer("minSteps") is > 0 and var given ? given : history.EvaluateEvery, 1, Math.Max(1, history.Steps)),
        options.Number("reductionFactor"), options.Text("rounding") is "up");

    /// <summary>The steps at which trials of a bracket wait: its rungs, at evaluated steps, without the last.</summary>
    public IReadOnlyList<int> Milestones(SearchHistory history, int bracket) =>
        [.. Steps(bracket).Select(s => history.Evaluated(s - Slack)).Where(s => s < history.Steps).Distinct()];
}
