using GenCluster.Benchmarks.Measuring;

namespace GenCluster.Benchmarks.Recovery;

/// <summary>
/// A gang of three loses a member to SIGKILL, another one each time, the leader too; then a new process joins it. Workers
/// are real processes with the real runner; the orders come from the benchmark as soon as a survivor says that its gang broke.
/// </summary>
internal sealed class RecoveryBenchmark(int rounds, TextWriter progress)
{
    private const int Size = 3;

    /// <summary>What a death may cost the others beside the step in flight, and what a joiner may take, in seconds.</summary>
    private const double AllowedForDeath = 2, AllowedForJoin = 5;

    /// <summary>The others may miss one step: two steps' time from one to the next.</summary>
    private const double AllowedSteps = 2;

    private readonly List<double> steps = [], deaths = [], costs = [], joins = [], gaps = [], stretches = [];

    public async Task<Report> RunAsync(IReadOnlyList<string> machine, CancellationToken cancellation)
    {
        await using var gang = new RecoveryGang();
        progress.WriteLine($"starting {Size} workers");
        var first = await Task.WhenAll(Enumerable.Range(0, Size).Select(_ => gang.StartAsync(cancellation)));
        await gang.RegroupAsync(forced: false, cancellation, first);
        for (int round = 0; round < rounds; round++)
        {
            await StepsAsync(gang, 3, cancellation);
            progress.WriteLine($"round {round + 1} of {rounds}: a death");
            double step = await DeathAsync(gang, round % Size, cancellation);
            progress.WriteLine($"round {round + 1} of {rounds}: a joiner");
            await JoinAsync(gang, step, cancellation);
        }

        return new Report(
            "recovery",
            [
                .. machine,
                $"{rounds} rounds; a gang of {Size} workers with one thread each, {RecoveryTrial.Shards} shards; the DCGAN of the other benchmarks, 74 MB of state, batch 32",
                "the benchmark gives the orders at once; the coordinator's share of a real recovery is not in these numbers",
            ],
            [TableOf()],
            [
                new Figure.AtMost("recovery/death/of-2s", costs.Max() / AllowedForDeath, 1),
                new Figure.AtMost("recovery/join/of-5s", joins.Max() / AllowedForJoin, 1),
                new Figure.AtMost("recovery/join/longest-step", Distribution.MedianOf(stretches), AllowedSteps),
            ]);
    }

    /// <returns>Seconds of a step of the survivors.</returns>
    private async Task<double> DeathAsync(RecoveryGang gang, int victim, CancellationToken cancellation)
    {
        double killed = RecoveryGang.Now;
        gang.Kill(victim);
        await gang.UntilAsync(() => gang.Members.Any(m => m.Events.Any(e => e.What == RecoveryEvent.Broke && e.At > killed)), "a broken gang", cancellation);
        await gang.RegroupAsync(forced: true, cancellation);
        await gang.UntilAsync(() => gang.Members.All(m => m.StepsAfter(killed).Count() >= 4 && StartedAfter(m, killed)), "steps after a death", cancellation);

        double step = Distribution.MedianOf(gang.Members.SelectMany(m => Gaps(m.StepsAfter(killed))));
        double recovered = gang.Members.Max(m => m.StepsAfter(killed).First()) - killed;
        steps.Add(step);
        deaths.Add(recovered);
        costs.Add(recovered - step);
        return step;
    }

    private async Task JoinAsync(RecoveryGang gang, double step, CancellationToken cancellation)
    {
        var joiner = await gang.StartAsync(cancellation);
        double invited = RecoveryGang.Now;
        var old = gang.Members.ToArray();
        await gang.InviteAsync(joiner, cancellation);
        await gang.UntilAsync(() => joiner.Events.Any(e => e.What == RecoveryEvent.Joined), "a joiner with the state", cancellation, joiner);
        await gang.RegroupAsync(forced: false, cancellation, joiner);
        await gang.UntilAsync(() => gang.Members.All(m => StartedAfter(m, invited) && m.StepsAfter(invited).Any()), "a step of a joiner", cancellation);

        joins.Add(joiner.StepsAfter(invited).First() - invited);
        gaps.Add(old.Max(m => Gaps(m.Events.Where(e => e.What == RecoveryEvent.Progressed && e.At > invited - step).Select(e => e.At)).Max()));
        stretches.Add(gaps[^1] / step);
    }

    private static bool StartedAfter(RecoveryMember member, double moment) =>
        member.Events.Any(e => e.What == RecoveryEvent.Started && e.At > moment);

    private static async Task StepsAsync(RecoveryGang gang, int count, CancellationToken cancellation)
    {
        double from = RecoveryGang.Now;
        await gang.UntilAsync(() => gang.Members.All(m => m.StepsAfter(from).Count() >= count), "steps", cancellation);
    }

    private static IEnumerable<double> Gaps(IEnumerable<double> moments) => moments.Zip(moments.Skip(1), (before, after) => after - before);

    private Table TableOf()
    {
        var table = new Table("Milliseconds, median (p10-p90).", "", "time", "longest");
        Add("a step of the two that are left", steps);
        Add("from SIGKILL until both have finished a step", deaths);
        Add("... without that step", costs);
        Add("from a joiner's order until it has finished a step", joins);
        Add("the others' longest time for a step meanwhile", gaps);
        return table;

        void Add(string name, List<double> seconds) =>
            table.Add(name, $"{Distribution.Of(seconds).Select(time => time * 1e3)}", Distribution.Digits(seconds.Max() * 1e3));
    }
}
