using GenCluster.Core.Randomness;
using GenCluster.Search.Numerics;
using GenCluster.Search.Sampling.Knowledge;
using GenCluster.Search.Sampling.Sobol;

namespace GenCluster.Search.Sampling.Gp;

/// <summary>
/// Looks for the point where the expected improvement is greatest: at evenly spread points and around the best ones known,
/// and from the best of these on by local search (<see cref="LocalSearch"/>). All points are ones that trials can have:
/// discrete values are snapped before they are judged, and not afterwards.
/// </summary>
internal sealed class ImprovementSearch(Axes axes, LocalSearch local, GpOptions options)
{
    private const int Incumbents = 5, Neighbours = 20;

    /// <summary>How far from a known point its neighbours lie, as a part of the range.</summary>
    private static readonly double[] Distances = [0.1, 0.01, 0.001];

    /// <param name="best">Known points, the best first.</param>
    /// <param name="isTaken">Whether a trial has this point.</param>
    /// <returns>A point that no trial has; null when none was met.</returns>
    public double[]? Find(ScrambledSobol spread, IEnumerable<double[]> best, RandomStream stream, Func<double[], bool> isTaken)
    {
        List<(double[] Point, double Value)> candidates =
        [
            .. Spread(spread).Concat(best.Take(Incumbents).SelectMany(point => Around(point, stream)))
                .Where(point => axes.Admits(point) && !isTaken(point))
                .Select(point => (point, local.Improvement(point)))
                .OrderByDescending(c => c.Item2),
        ];
        if (candidates.Count == 0)
            return null;

        return candidates.Take(options.LocalSearches)
            .Select(start => local.From(start.Point))
            .Where(found => axes.Admits(found.Point) && !isTaken(found.Point))
            .Append(candidates[0])
            .MaxBy(found => found.Value)
            .Point;
    }

    private IEnumerable<double[]> Spread(ScrambledSobol sequence) => Enumerable.Range(0, options.Candidates)
        .Select(i => axes.PointAt(axis => sequence.At(i, axes.All[axis].Parameter.Path)));

    private IEnumerable<double[]> Around(double[] known, RandomStream stream)
    {
        float[] normal = new float[axes.Count];
        for (int i = 0; i < Neighbours; i++)
        {
            stream.FillNormal(normal);
            double distance = Distances[i % Distances.Length];
            yield return axes.PointAt(axis => Neighbour(axis, known[axis], distance * normal[axis]));
        }

        // A choice mostly stays, and what the known point does not have is drawn.
        double Neighbour(int axis, double coordinate, double step)
        {
            double u = stream.NextDouble();
            if (double.IsNaN(coordinate))
                return u;
            if (axes.All[axis].IsChoice)
                return u * axes.Count < 1 ? stream.NextDouble() : axes.All[axis].PositionOf(coordinate);
            return Math.Clamp(coordinate + step, 0, Math.BitDecrement(1.0));
        }
    }
}
