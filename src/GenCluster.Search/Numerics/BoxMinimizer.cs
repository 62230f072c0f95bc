namespace GenCluster.Search.Numerics;

/// <summary>
/// Finds a local minimum of a smooth function in a box: L-BFGS (Nocedal and Wright 2006, algorithms 7.4 and 3.1) on the
/// variables that no bound holds back, steps projected into the box (Bertsekas 1982). No dice, and a bound on the work.
/// </summary>
internal static class BoxMinimizer
{
    private const int Memory = 8, Halvings = 20;
    private const double SufficientDecrease = 1e-4;

    /// <summary>The value at x; writes the gradient there.</summary>
    public delegate double Function(ReadOnlySpan<double> x, Span<double> gradient);

    /// <param name="x">Where to begin, inside the box; in the end the best point found.</param>
    /// <param name="evaluations">Of the function at most.</param>
    /// <param name="tolerance">It ends when no component of the gradient leads down by more than this.</param>
    /// <returns>The value at the best point.</returns>
    public static double Minimize(Function function, double[] x, double[] low, double[] high, int evaluations, double tolerance)
    {
        int n = x.Length;
        double[] gradient = new double[n], next = new double[n], nextGradient = new double[n];
        List<(double[] Step, double[] Change)> pairs = [];
        double value = function(x, gradient);
        int left = evaluations - 1;
        while (left > 0)
        {
            bool[] held = [.. Enumerable.Range(0, n).Select(i => (x[i] <= low[i] && gradient[i] > 0) || (x[i] >= high[i] && gradient[i] < 0))];
            if (Enumerable.Range(0, n).All(i => held[i] || Math.Abs(gradient[i]) <= tolerance))
                break;

            double[] direction = Direction(gradient, held, pairs);
            if (Search(direction) is not { } lower)
            {
                if (pairs.Count == 0)
                    break;
                pairs.Clear(); // the model of the curvature misled; straight down once more
                continue;
            }

            pairs.Add((Difference(next, x), Difference(nextGradient, gradient)));
            if (Vectors.Dot(pairs[^1].Step, pairs[^1].Change) <= 1e-12)
                pairs.RemoveAt(pairs.Count - 1);
            if (pairs.Count > Memory)
                pairs.RemoveAt(0);
            next.CopyTo(x, 0);
            nextGradient.CopyTo(gradient, 0);
            value = lower;
        }

        return value;

        // Halves the step until the value is low enough; null when that does not come.
        double? Search(double[] direction)
        {
            double step = pairs.Count > 0 ? 1 : Math.Min(1, 1 / Math.Sqrt(Vectors.Dot(direction, direction)));
            for (int i = 0; i < Halvings && left > 0; i++, step /= 2)
            {
                double slope = 0;
                for (int k = 0; k < n; k++)
                {
                    next[k] = Math.Clamp(x[k] + step * direction[k], low[k], high[k]);
                    slope += gradient[k] * (next[k] - x[k]);
                }

                if (slope >= 0)
                    return null;
                left--;
                double candidate = function(next, nextGradient);
                if (candidate <= value + SufficientDecrease * slope)
                    return candidate;
            }

            return null;
        }
    }

    /// <summary>The two loops of L-BFGS (algorithm 7.4), on free variables.</summary>
    private static double[] Direction(double[] gradient, bool[] held, List<(double[] Step, double[] Change)> pairs)
    {
        double[] q = [.. gradient.Zip(held, (g, isHeld) => isHeld ? 0 : -g)];
        double[] alphas = new double[pairs.Count];
        for (int i = pairs.Count - 1; i >= 0; i--)
        {
            var (step, change) = pairs[i];
            alphas[i] = Vectors.Dot(step, q) / Vectors.Dot(step, change);
            Vectors.Add(q, -alphas[i], change);
        }

        if (pairs.Count > 0)
        {
            double scale = Vectors.Dot(pairs[^1].Step, pairs[^1].Change) / Vectors.Dot(pairs[^1].Change, pairs[^1].Change);
            for (int i = 0; i < q.Length; i++)
                q[i] *= scale;
        }

        for (int i = 0; i < pairs.Count; i++)
        {
            var (step, change) = pairs[i];
            Vectors.Add(q, alphas[i] - Vectors.Dot(change, q) / Vectors.Dot(step, change), step);
        }

        for (int i = 0; i < q.Length; i++)
            q[i] = held[i] ? 0 : q[i];
        return q;
    }

    private static double[] Difference(double[] left, double[] right) => [.. left.Zip(right, (a, b) => a - b)];
}
