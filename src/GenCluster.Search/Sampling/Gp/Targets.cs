using GenCluster.Core.Randomness;
using GenCluster.Search.Sampling.Knowledge;

namespace GenCluster.Search.Sampling.Gp;

/// <summary>
/// What the process is told of each observation: one number, less is better, standardised. A pruned trial counts with its
/// last value, but not as better than the median of those that were measured to the end; an infeasible or failed one with
/// the worst value there is.
/// </summary>
internal static class Targets
{
    /// <param name="known">Observations that do not run; at least one was measured.</param>
    /// <param name="stream">Gives the weights of several objectives.</param>
    public static double[] Of(IReadOnlyList<Observation> known, RandomStream stream)
    {
        double[] losses = Scalar([.. known.Where(o => o.HasLosses).Select(o => o.Losses)], stream);
        double[] complete = [.. known.Where(o => o.HasLosses).Zip(losses).Where(o => o.First.Standing is Standing.Complete).Select(o => o.Second).Order()];
        double median = complete.Length == 0 ? double.NegativeInfinity : complete[complete.Length / 2], worst = losses.Max();
        int next = 0;
        return Standardised([.. known.Select(o => o.HasLosses ? Counted(o.Standing, losses[next++]) : worst)]);

        double Counted(Standing standing, double loss) => standing switch
        {
            Standing.Complete => loss,
            Standing.Pruned => Math.Max(loss, median),
            _ => worst,
        };
    }

    /// <summary>
    /// Several objectives become one by augmented Tchebycheff weights, other ones for each trial (Knowles 2006, "ParEGO",
    /// equation 2): over all trials the whole front is looked for.
    /// </summary>
    private static double[] Scalar(double[][] losses, RandomStream stream)
    {
        int objectives = losses[0].Length;
        if (objectives == 1)
            return [.. losses.Select(l => l[0])];

        double[] weights = [.. Enumerable.Range(0, objectives).Select(_ => -Math.Log(1 - stream.NextDouble()))]; // uniform on the simplex
        double sum = weights.Sum();
        double[] low = [.. Enumerable.Range(0, objectives).Select(i => losses.Min(l => l[i]))];
        double[] range = [.. Enumerable.Range(0, objectives).Select(i => Math.Max(losses.Max(l => l[i]) - low[i], double.Epsilon))];
        return [.. losses.Select(l =>
        {
            double[] weighted = [.. l.Select((loss, i) => weights[i] / sum * ((loss - low[i]) / range[i]))];
            return weighted.Max() + 0.05 * weighted.Sum();
        })];
    }

    private static double[] Standardised(double[] values)
    {
        double mean = values.Average();
        double deviation = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
        return [.. values.Select(v => deviation > 0 ? (v - mean) / deviation : 0)];
    }
}
