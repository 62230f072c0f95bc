using GenCluster.Core.Parameters;
using GenCluster.Core.Randomness;

namespace GenCluster.Search.Sampling.Evolution;

/// <summary>Makes configurations from others, hyperparameter by hyperparameter, on their places in the unit interval.</summary>
internal static class Breeding
{
    /// <summary>How often to try before constraints count as impossible to meet by breeding.</summary>
    private const int Tries = 100;

    /// <summary>
    /// The first child that the space admits; a random configuration when none comes; null when that does not come either.
    /// </summary>
    /// <param name="position">A child's place for a hyperparameter; null: draw it from its distribution.</param>
    public static Assignment? Child(ParameterSpace space, RandomStream stream, Func<Func<Parameter, double?>> position)
    {
        for (int i = 0; i < 2 * Tries; i++)
        {
            var of = i < Tries ? position() : _ => null;
            var child = space.At(p => of(p) is { } place ? Inside(place) : stream.NextDouble());
            if (space.Admits(child))
                return child;
        }

        return null;
    }

    /// <summary>Where the parent's value lies; null when it has none that the distribution can give.</summary>
    public static double? PlaceOf(Parameter parameter, Assignment parent) =>
        parent.Find(parameter.Path) is { } value && parameter.Distribution.Contains(value) ? parameter.Distribution.Position(value) : null;

    public static double Normal(RandomStream stream) =>
        // 1 - u is in (0, 1]: the logarithm is finite (Box and Muller 1958).
        Math.Sqrt(-2 * Math.Log(1 - stream.NextDouble())) * Math.Cos(2 * Math.PI * stream.NextDouble());

    public static double Inside(double place) => Math.Clamp(place, 0, Math.BitDecrement(1.0));
}
