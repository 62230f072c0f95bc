using GenCluster.Core.Search;
using GenCluster.Search.Scheduling.Population;

namespace GenCluster.Search.Scheduling;

/// <summary>
/// Population based training (Jaderberg, Dalibard, Osindero, Czarnecki, Donahue, Razavi, Vinyals, Green, Dunning, Simonyan,
/// Fernando, Kavukcuoglu: Population Based Training of Neural Networks, 2017), with truncation selection and the exploration of
/// Ray Tune. Members wait at milestones; a bad one ends there, and a new trial goes on from the weights of a good one.
/// </summary>
public sealed class PbtScheduler : IScheduler
{
    public string Name => "pbt";

    public int? FirstMilestone(SearchHistory history, int trial) => Marks.Of(history).First is var first && first < history.Steps ? first : null;

    public IReadOnlyList<Move> Arrange(SearchHistory history, int free, SearchRandom random)
    {
        var options = AlgorithmOptions.OfScheduler(Name, history);
        int size = options.Integer("population") is > 0 and var given ? given : Math.Max(1, history.MaxTrials);
        bool waitsForAll = options.Text("mode") is "synchronous";
        List<Move> moves = [];
        foreach (var members in Member.All(history).Chunk(size).Index())
        {
            int expected = Math.Min(size, history.MaxTrials - members.Index * size);
            var generation = new Generation(history, members.Item, options, random);
            moves.AddRange(waitsForAll ? generation.Together(expected, free - moves.Count) : generation.Each(free - moves.Count));
        }

        return moves;
    }
}
