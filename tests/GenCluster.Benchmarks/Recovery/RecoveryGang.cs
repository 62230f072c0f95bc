using System.Diagnostics;
using GenCluster.Benchmarks.Crews;
using GenCluster.Collectives.Tree;

namespace GenCluster.Benchmarks.Recovery;

/// <summary>A worker process as the benchmark sees it.</summary>
internal sealed class RecoveryMember(Crew crew, int port, int process)
{
    private readonly List<RecoveryEvent> events = [];

    public Crew Crew => crew;

    public int Port => port;

    public IReadOnlyList<RecoveryEvent> Events => events;

    public void Kill() => Process.GetProcessById(process).Kill();

    public async Task ListenAsync(CancellationToken cancellation)
    {
        string[] news = (await crew.AskAsync($"events\t{events.Count}", cancellation))[0];
        events.AddRange(news.Where(text => text.Length > 0).Select(RecoveryEvent.Parse));
        if (events.Any(e => e.What == RecoveryEvent.Ended))
            throw new BenchmarkException($"{crew.Name}: its run has ended");
    }

    /// <summary>When steps ended after a moment, in the gang that this member is in now.</summary>
    public IEnumerable<double> StepsAfter(double moment) => events
        .Skip(events.FindLastIndex(e => e.What == RecoveryEvent.Started) + 1)
        .Where(e => e.What == RecoveryEvent.Progressed && e.At > moment).Select(e => e.At);
}

/// <summary>The gang, and the orders that a coordinator would give it.</summary>
internal sealed class RecoveryGang : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90), Poll = TimeSpan.FromMilliseconds(5);

    private readonly CrewSet crews = new();
    private readonly List<RecoveryMember> members = [];
    private int started;
    private long epoch;

    public IReadOnlyList<RecoveryMember> Members => members;

    public static double Now => (double)Stopwatch.GetTimestamp() / Stopwatch.Frequency;

    /// <summary>A new process that waits for an order.</summary>
    public async Task<RecoveryMember> StartAsync(CancellationToken cancellation)
    {
        var crew = crews.Add(await Crew.StartAsync(
            $"worker {started++}", 1, path => [OwnProcess.Command("member", "worker", path, "0", "-1")], cancellation));
        string[] card = crew.Cards.Single().Split(':');
        return new RecoveryMember(crew, int.Parse(card[0]), int.Parse(card[1]));
    }

    /// <summary>Gives the trial to the members and these new ones.</summary>
    public async Task RegroupAsync(bool forced, CancellationToken cancellation, params IEnumerable<RecoveryMember> joined)
    {
        members.AddRange(joined);
        epoch++;
        await Task.WhenAll(members.Select((member, i) => member.Crew.AskAsync(Order(i, forced), cancellation)));
    }

    /// <summary>Has a worker follow the gang's state.</summary>
    public Task InviteAsync(RecoveryMember joiner, CancellationToken cancellation) => joiner.Crew.AskAsync(Order(-1, forced: false), cancellation);

    public void Kill(int member)
    {
        members[member].Kill();
        members.RemoveAt(member);
    }

    /// <summary>Listens to the members, and to <paramref name="others"/>, until it is so.</summary>
    public async Task UntilAsync(Func<bool> so, string what, CancellationToken cancellation, params RecoveryMember[] others)
    {
        double limit = Now + Patience.TotalSeconds;
        while (true)
        {
            foreach (var member in members.Concat(others))
                await member.ListenAsync(cancellation);
            if (so())
                return;
            if (Now > limit)
                throw new BenchmarkException($"{what}: not so after {Patience.TotalSeconds:F0} s");
            await Task.Delay(Poll, cancellation);
        }
    }

    public ValueTask DisposeAsync() => crews.DisposeAsync();

    private string Order(int member, bool forced)
    {
        var shards = GangPlan.Divide(RecoveryTrial.Shards, members.Count);
        return string.Join('\t', ["order", $"{epoch}", $"{member}", $"{forced}", .. members.Select((m, i) => $"{m.Port}:{shards[i].Count}")]);
    }
}
