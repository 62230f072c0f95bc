using GenCluster.Benchmarks.Crews;
using GenCluster.Benchmarks.Measuring;

namespace GenCluster.Benchmarks.AllReduce;

/// <summary>All timings of one number of members, by contender, size and round.</summary>
internal sealed class AllReduceTimes(IReadOnlyList<string> contenders)
{
    private readonly Dictionary<(string Contender, VectorSize Size), List<Timings>> rounds = [];
    private readonly Dictionary<(string Contender, VectorSize Size), double> guesses = [];

    /// <summary>Those that took part.</summary>
    public IReadOnlyList<string> Contenders => contenders;

    public void Add(string contender, VectorSize size, Timings timings)
    {
        if (!rounds.TryGetValue((contender, size), out var list))
            rounds[(contender, size)] = list = [];
        list.Add(timings);
    }

    /// <summary>Remembers how long it took while warming up.</summary>
    public void Guess(string contender, VectorSize size, Timings timings) =>
        guesses[(contender, size)] = Distribution.MedianOf(timings.Microseconds);

    public double FirstGuess(string contender, VectorSize size) => guesses[(contender, size)];

    /// <summary>Over all rounds.</summary>
    public Distribution All(string contender, VectorSize size) => Distribution.Of(rounds[(contender, size)].SelectMany(timings => timings.Microseconds));

    /// <summary>How many times as long as <paramref name="contender"/> the other one takes: the median over the rounds, so that what slows a whole round cancels out.</summary>
    public double Lead(string contender, string other, VectorSize size) => Distribution.MedianOf(
        Medians(other, size).Zip(Medians(contender, size), (theirs, ours) => theirs / ours));

    /// <summary>
    /// Managed bytes that a member allocated in the middle one of its rounds, for the size where it is most. What a step costs is in every
    /// round; a few bytes in one of them are the runtime's own, when it compiles something anew.
    /// </summary>
    public double Allocated(string contender) => rounds.Where(entry => entry.Key.Contender == contender)
        .Max(entry => Distribution.MedianOf(entry.Value.Select(timings => (double)timings.Allocated)));

    private IEnumerable<double> Medians(string contender, VectorSize size) => rounds[(contender, size)].Select(timings => Distribution.MedianOf(timings.Microseconds));
}
