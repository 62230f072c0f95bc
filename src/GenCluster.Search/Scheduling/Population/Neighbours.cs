using GenCluster.Core.Parameters;

namespace GenCluster.Search.Scheduling.Population;

/// <summary>Values near a value, of any ordered distribution, found on its quantile function, which never falls.</summary>
internal static class Neighbours
{
    private const int Halvings = 64;

    private static readonly double Last = Math.BitDecrement(1.0);

    /// <summary>The value of the distribution nearest to the old one times the factor; where values lie on steps, at least the next one.</summary>
    /// <param name="isUp">Where to go when the factor leads nowhere.</param>
    public static ParameterValue Moved(Distribution distribution, ParameterValue old, double factor, bool isUp)
    {
        double from = old.AsNumber(), to = from * factor;
        if (old.Kind is ParameterKind.Number && distribution.Contains(ParameterValue.Of(to)))
            return ParameterValue.Of(to);
        var nearest = Nearest(distribution, to);
        bool isOnSteps = old.Kind is ParameterKind.Integer || distribution.Count is not null;
        return nearest == old && isOnSteps ? Next(distribution, from, to > from || (to == from && isUp)) : nearest;
    }

    private static ParameterValue Nearest(Distribution distribution, double value)
    {
        var (below, above) = Around(distribution, v => v <= value);
        return value - below.AsNumber() <= above.AsNumber() - value ? below : above;
    }

    /// <summary>The next higher or lower value; the value itself when there is none.</summary>
    private static ParameterValue Next(Distribution distribution, double value, bool isUp) =>
        isUp ? Around(distribution, v => v <= value).Above : Around(distribution, v => v < value).Below;

    /// <summary>The last value for which something holds that holds up to some value, and the first for which it does not.</summary>
    private static (ParameterValue Below, ParameterValue Above) Around(Distribution distribution, Func<double, bool> holds)
    {
        double low = 0, high = Last;
        if (!holds(distribution.Quantile(low).AsNumber()))
            return (distribution.Quantile(low), distribution.Quantile(low));
        if (holds(distribution.Quantile(high).AsNumber()))
            return (distribution.Quantile(high), distribution.Quantile(high));
        for (int i = 0; i < Halvings; i++)
        {
            double middle = low + (high - low) / 2;
            if (holds(distribution.Quantile(middle).AsNumber()))
                low = middle;
            else
                high = middle;
        }

        return (distribution.Quantile(low), distribution.Quantile(high));
    }
}
