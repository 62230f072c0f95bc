using GenCluster.Core.Parameters;
using GenCluster.Core.Randomness;
using GenCluster.Core.Search;

namespace GenCluster.Search.Sampling;

/// <summary>
/// Draws configurations from their distributions. A value depends on the seed, the trial's number and the hyperparameter's
/// path alone, so adding or removing a hyperparameter leaves the values of the others as they were.
/// </summary>
internal static class Draw
{
    /// <summary>A space of which not one in a thousand draws meets the constraints counts as empty.</summary>
    public const int Tries = 1000;

    /// <summary>A configuration that meets the constraints; null when no try gave one.</summary>
    public static Assignment? Next(ParameterSpace space, int number, SearchRandom random) => Next(space, Assignment.Empty, number, random);

    /// <summary>The same, with some values given.</summary>
    public static Assignment? Next(ParameterSpace space, Assignment given, int number, SearchRandom random)
    {
        Dictionary<string, RandomStream> streams = new(StringComparer.Ordinal);
        for (int i = 0; i < Tries; i++)
        {
            var drawn = space.Choose(p => given.Find(p.Path) ?? p.Distribution.Quantile(StreamOf(p.Path).NextDouble()));
            if (space.Admits(drawn))
                return drawn;
            if (streams.Count == 0)
                return null; // nothing is left to chance
        }

        return null;

        RandomStream StreamOf(string path)
        {
            if (!streams.TryGetValue(path, out var stream))
                streams.Add(path, stream = random.ForPath(path).For(number));
            return stream;
        }
    }
}
