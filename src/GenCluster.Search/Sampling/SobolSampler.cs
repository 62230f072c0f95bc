using GenCluster.Core.Search;
using GenCluster.Search.Sampling.Sobol;

namespace GenCluster.Search.Sampling;

/// <summary>
/// Spreads trials more evenly than chance does: the points of a Sobol sequence, scrambled by the sweep's seed. Trial n has
/// point n - 1; a point that constraints forbid is replaced by the same point of another scrambling, and so on.
/// </summary>
public sealed class SobolSampler : ISampler
{
    public string Name => "sobol";

    public IReadOnlyList<Proposal> Propose(SearchHistory history, int count, SearchRandom random)
    {
        var scrambling = Enum.Parse<Scrambling>(AlgorithmOptions.OfSampler(Name, history).Text("scrambling"), ignoreCase: true);
        List<Proposal> proposals = [];
        for (int number = history.NextNumber; proposals.Count < count && PointOf(number) is { } proposal; number++)
            proposals.Add(proposal);
        return proposals;

        Proposal? PointOf(int number)
        {
            int ways = scrambling is Scrambling.None ? 1 : byte.MaxValue;
            for (int use = 0; use < ways; use++)
            {
                var sequence = new ScrambledSobol(history.Space, random, scrambling, (byte)use);
                var assignment = history.Space.At(p => sequence.At(number - 1, p.Path));
                if (history.Space.Admits(assignment))
                    return new Proposal(number, assignment);
            }

            return Draw.Next(history.Space, number, random) is { } drawn ? new Proposal(number, drawn) : null;
        }
    }
}
