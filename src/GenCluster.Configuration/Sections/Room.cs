using GenCluster.Core.Parameters;
using GenCluster.Core.Search;

namespace GenCluster.Configuration.Sections;

/// <summary>
/// Whether constraints leave anything to search: by trying, as sentences of this kind cannot be solved in general. A space
/// that these tries find empty is one for the samplers, too, which try less often.
/// </summary>
internal static class Room
{
    public const int Tries = 20_000;

    public static bool IsLeftIn(ParameterSpace space) => Enumerable.Range(0, Tries).Any(n => space.Admits(Drawn(space, n)));

    private static Assignment Drawn(ParameterSpace space, int number)
    {
        var stream = new SearchRandom(0).For(number);
        return space.At(_ => stream.NextDouble());
    }
}
