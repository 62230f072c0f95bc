using GenCluster.Benchmarks.Crews;
using GenCluster.Benchmarks.Measuring;

namespace GenCluster.Benchmarks.Training;

/// <summary>Timings of crews that took turns, by crew and round.</summary>
internal sealed class TurnTimes
{
    private readonly Dictionary<string, List<double[]>> rounds = [];

    /// <summary>Asks each crew once in every round, another one first each time; a first round warms up and is forgotten.</summary>
    public static Task<TurnTimes> TakeAsync(
        IEnumerable<Crew> crews, int rounds, string request, string what, TextWriter progress, CancellationToken cancellation) =>
        TakeAsync([.. crews.Select(crew => (crew.Name, new[] { crew }))], rounds, request, what, progress, cancellation);

    /// <summary>The same for turns that several crews take at the same time.</summary>
    public static async Task<TurnTimes> TakeAsync(
        IReadOnlyList<(string Name, Crew[] Crews)> turns, int rounds, string request, string what, TextWriter progress, CancellationToken cancellation)
    {
        var times = new TurnTimes();
        for (int round = 0; round <= rounds; round++)
        {
            progress.WriteLine($"{what}, {(round == 0 ? "warming up" : $"round {round} of {rounds}")}");
            for (int turn = 0; turn < turns.Count; turn++)
            {
                var (name, crews) = turns[(turn + round) % turns.Count];
                string[][][] answers = await Task.WhenAll(crews.Select(crew => crew.AskAsync(request, cancellation)));
                if (round > 0)
                    times.Add(name, [.. answers.SelectMany(answer => Timings.Of(answer).Microseconds)]);
            }
        }

        return times;
    }

    public Distribution Milliseconds(string crew) => Distribution.Of(rounds[crew].SelectMany(round => round)).Select(time => time / 1e3);

    /// <summary>How many times as long as <paramref name="crew"/> the other one takes: the median over the rounds.</summary>
    public double Lead(string crew, string other) => Distribution.MedianOf(
        rounds[other].Zip(rounds[crew], (theirs, ours) => Distribution.MedianOf(theirs) / Distribution.MedianOf(ours)));

    private void Add(string crew, double[] microseconds)
    {
        if (!rounds.TryGetValue(crew, out var list))
            rounds[crew] = list = [];
        list.Add(microseconds);
    }
}
