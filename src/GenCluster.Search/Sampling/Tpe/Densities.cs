using GenCluster.Core.Randomness;
using GenCluster.Search.Sampling.Knowledge;

namespace GenCluster.Search.Sampling.Tpe;

/// <summary>The densities of good and of bad trials over a group of hyperparameters.</summary>
internal sealed record Densities(AxisGroup Group, ParzenEstimator Good, ParzenEstimator Bad, double[] Scratch)
{
    public static Densities Of(AxisGroup group, List<Observation> observations, Func<Observation, bool> isGood, TpeOptions options)
    {
        var having = observations.Where(o => group.IsAt(o.Point)).ToList();
        return new Densities(group, Estimate(good: true), Estimate(good: false), new double[observations.Count + 1]);

        ParzenEstimator Estimate(bool good) => new(group.Axes, [.. having.Where(o => isGood(o) == good).Select(o => group.Of(o.Point))], options);
    }

    /// <summary>
    /// Writes the best of so many candidates to the point, where the groups that it depends on are chosen already; nothing when
    /// the group is not of this point. False when constraints forbid all candidates.
    /// </summary>
    public bool TryChoose(double[] point, Axes axes, int candidates, RandomStream stream)
    {
        if (Group.Condition is { } condition && condition.Holds(path => axes.ValueAt(point, path)) is not true)
            return true;
        double[]? best = null;
        double greatest = double.NegativeInfinity;
        for (int i = 0; i < candidates; i++)
        {
            double[] candidate = Good.Draw(stream);
            double score = Good.Log(candidate, Scratch) - Bad.Log(candidate, Scratch); // ln l(x) - ln g(x)
            if ((best is not null && !(score > greatest)) || !Admits(candidate))
                continue;
            (best, greatest) = (candidate, score);
        }

        for (int i = 0; best is not null && i < best.Length; i++)
            point[Group.Indices[i]] = best[i];
        return best is not null;

        bool Admits(double[] candidate)
        {
            double[] with = [.. point];
            for (int i = 0; i < candidate.Length; i++)
                with[Group.Indices[i]] = candidate[i];
            return axes.Admits(with);
        }
    }
}
