using GenCluster.Benchmarks.Crews;
using GenCluster.Benchmarks.Measuring;
using static GenCluster.Benchmarks.AllReduce.AllReduceContenders;

namespace GenCluster.Benchmarks.AllReduce;

/// <summary>
/// How long members on one machine take to sum a vector in place. All contenders are started together and take turns: in a
/// round each sums each size, and the first of a round is another one each time. A first round warms up and is forgotten.
/// </summary>
internal sealed class AllReduceBenchmark(int rounds, int[] memberCounts, TextWriter progress)
{
    private const int WarmUp = 3;

    public async Task<Report> RunAsync(IReadOnlyList<string> machine, CancellationToken cancellation)
    {
        var (contenders, versions) = await FindAsync(cancellation);
        var tables = new List<Table>();
        var figures = new List<Figure>();
        string before = CoreDistance.Describe();
        foreach (int members in memberCounts)
        {
            var taken = await TakeAsync(contenders, members, cancellation);
            tables.Add(TableOf(taken, members));
            figures.AddRange(new AllReduceGoals(members, contenders, taken).Figures());
        }

        return new Report("allreduce", [
            .. machine,
            $"{versions}; {Machine.CongestionControl()}; our sockets and the raw ones ask for reno",
            $"{rounds} interleaved rounds; each of 2 members on a core of its own (the Gloo row without \"pinned\" is left free), 4 members are not pinned",
            $"a cache line went from core to core and back in {before} before, {CoreDistance.Describe()} after",
        ], tables, figures);
    }

    private async Task<AllReduceTimes> TakeAsync(IReadOnlyList<AllReduceContender> contenders, int members, CancellationToken cancellation)
    {
        var crews = new List<Crew>();
        try
        {
            foreach (var contender in contenders.Where(contender => contender.Start is not null && !(contender.IsDuet && members != 2)))
                crews.Add(await contender.Start!(members, cancellation));

            var taken = new AllReduceTimes([.. crews.Select(crew => crew.Name)]);
            for (int round = 0; round <= rounds; round++)
            {
                progress.WriteLine($"{members} members, {(round == 0 ? "warming up" : $"round {round} of {rounds}")}");
                await RoundAsync(crews, round, taken, cancellation);
            }

            return taken;
        }
        finally
        {
            foreach (var crew in crews)
                await crew.DisposeAsync();
        }
    }

    private static async Task RoundAsync(List<Crew> crews, int round, AllReduceTimes taken, CancellationToken cancellation)
    {
        foreach (var size in VectorSize.All)
        {
            for (int turn = 0; turn < crews.Count; turn++)
            {
                string name = crews[(turn + round) % crews.Count].Name;
                int iterations = round == 0 ? WarmUp : size.Iterations(taken.FirstGuess(name, size));
                var timings = Timings.Of(await crews[(turn + round) % crews.Count].AskAsync($"run\t{size.Count}\t{WarmUp}\t{iterations}", cancellation));
                if (round == 0)
                    taken.Guess(name, size, timings);
                else
                    taken.Add(name, size, timings);
            }
        }
    }

    private static Table TableOf(AllReduceTimes taken, int members)
    {
        var table = new Table(
            $"All-reduce of float32 in place, {members} members: microseconds, median (p10-p90), and GB/s of the median.",
            ["", .. VectorSize.All.Select(size => size.Name)]);
        foreach (string name in taken.Contenders)
            table.Add([name, .. VectorSize.All.Select(size => Cell(size, taken.All(name, size)))]);
        return table;
    }

    private static string Cell(VectorSize size, Distribution times) => $"{times}, {Distribution.Digits(size.Speed(times.Median))}";
}
