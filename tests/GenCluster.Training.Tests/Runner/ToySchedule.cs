using System.Diagnostics;
using GenCluster.Core.Randomness;
using GenCluster.Training.Tests.Tracing;
using GenCluster.Training.Tracing;
using static GenCluster.Training.Tests.Runner.ToyCluster;

namespace GenCluster.Training.Tests.Runner;

/// <summary>
/// Deaths, freezes, partitions, joins and farewells in the life of a gang, as a seed gives them. A fault strikes a member on its own thread
/// at a phase of a step; then the others are told, as a coordinator does whose lease has run out.
/// </summary>
internal sealed class ToySchedule(ToyCluster cluster, RandomStream dice) : IDisposable
{
    private const int Changes = 5, MostMembers = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly string[] OfAnyMember =
        [TrainingTrace.Data, TrainingTrace.Forward, TrainingTrace.Backward, TrainingTrace.Reduce, "send", "part", "sum", TrainingTrace.Apply];

    private static readonly string[] OfTheLeader = [TrainingTrace.Evaluate, TrainingTrace.Checkpoint, TrainingTrace.Blob, TrainingTrace.Manifest];

    private readonly PhaseListener listener = new(ToyWorker.ComesTo);
    private readonly List<ManualResetEventSlim> frozen = [];

    /// <summary>What happened: <c>death at forward</c>.</summary>
    public List<string> Struck { get; } = [];

    /// <summary>The longest time from a fault to the next sum that the others applied without the victim.</summary>
    public TimeSpan LongestPause { get; private set; }

    private bool HasEnded => cluster.Journal.Ended.Task.IsCompleted;

    public async Task RunAsync()
    {
        cluster.Place([.. Enumerable.Range(0, 1 + dice.NextInt(4)).Select(_ => cluster.Add())]);
        for (int change = 0; change < Changes && !HasEnded; change++)
        {
            if (dice.NextInt(3) > 0) // else the next fault strikes while they recover from the last
                await Moves(cluster.Gang);
            await (cluster.Gang.Count == 1 ? Join() : dice.NextInt(6) switch
            {
                0 or 1 => Die(),
                2 => Freeze(),
                3 => Part(),
                4 => Leave(),
                _ => Join(),
            });
        }
    }

    public void Dispose()
    {
        foreach (var gate in frozen)
            gate.Set();
        listener.Dispose();
    }

    private async Task Die()
    {
        var (victim, phase, count) = Choose();
        if (!await Strikes(victim, phase, count, victim.Kill))
            return;
        await Recovers("death", phase, victim);
    }

    /// <summary>As SIGSTOP and, later, SIGCONT: for a moment, or until the others have gone on and taken it in again.</summary>
    private async Task Freeze()
    {
        var (victim, phase, count) = Choose();
        var thaw = new ManualResetEventSlim();
        frozen.Add(thaw);
        bool isLong = dice.NextInt(3) > 0;
        if (!await Strikes(victim, phase, count, isLong ? thaw.Wait : () => thaw.Wait(20)))
            return;
        if (!isLong)
        {
            Struck.Add($"short freeze at {phase}");
            return;
        }

        await Recovers("freeze", phase, victim);
        thaw.Set();
        await Admit(victim);
    }

    /// <summary>For a moment, or until the others have gone on and taken it in again.</summary>
    private async Task Part()
    {
        var (victim, phase, count) = Choose();
        if (!await Strikes(victim, phase, count, () => cluster.Cut(victim)))
            return;
        await Task.Delay(20);
        if (dice.NextInt(3) == 0)
        {
            cluster.Mend(victim);
            Struck.Add($"short partition at {phase}");
            return;
        }

        await Recovers("partition", phase, victim);
        cluster.Mend(victim);
        await Admit(victim);
    }

    private async Task Leave()
    {
        await Settles();
        var leaver = cluster.Gang[dice.NextInt(cluster.Gang.Count)];
        cluster.Regroup(forced: false, cluster.Gang.Where(member => member != leaver).ToArray());
        Struck.Add("farewell");
        await Moves(cluster.Gang);
    }

    private async Task Join()
    {
        if (cluster.Gang.Count == MostMembers)
            return;
        var joiner = cluster.Add();
        string phase = dice.NextInt(4) == 0 ? TrainingTrace.Copy : TrainingTrace.Follow;
        if (dice.NextInt(4) > 0)
        {
            await Admit(joiner);
            Struck.Add("join");
            return;
        }

        var death = joiner.StrikeAt(phase, phase == TrainingTrace.Copy ? 1 : 1 + dice.NextInt(5), joiner.Kill);
        cluster.Invite(joiner);
        await Task.WhenAny(death, cluster.Journal.Ended.Task).WaitAsync(Patience);
        if (death.IsCompleted)
            Struck.Add($"death at {phase}");
    }

    /// <summary>Has a worker follow the gang and, when it holds the state, take part.</summary>
    private async Task Admit(ToyWorker joiner)
    {
        int joins = joiner.Recorder.Joins;
        cluster.Invite(joiner);
        await Until(() => joiner.Recorder.Joins > joins || HasEnded);
        await Settles();
        if (joiner.Recorder.Joins > joins)
            cluster.Regroup(forced: false, [.. cluster.Gang, joiner]);
    }

    private (ToyWorker Victim, string Phase, int Count) Choose()
    {
        bool leads = dice.NextInt(3) == 0;
        string[] phases = leads ? OfTheLeader : OfAnyMember;
        return (cluster.Gang[leads ? 0 : dice.NextInt(cluster.Gang.Count)], phases[dice.NextInt(phases.Length)], leads ? 1 : 1 + dice.NextInt(20));
    }

    /// <summary>Waits until the action has begun.</summary>
    /// <returns>False when the trial ended before.</returns>
    private async Task<bool> Strikes(ToyWorker victim, string phase, int count, Action action)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = victim.StrikeAt(phase, count, () =>
        {
            begun.SetResult();
            action();
        });
        await Task.WhenAny(begun.Task, cluster.Journal.Ended.Task).WaitAsync(Patience);
        if (begun.Task.IsCompleted)
            return true;
        victim.Spare();
        return false;
    }

    private async Task Recovers(string fault, string phase, ToyWorker victim)
    {
        Struck.Add($"{fault} at {phase}");
        long struck = Stopwatch.GetTimestamp();
        cluster.DoWithout(victim);
        await Moves(cluster.Gang);
        var pause = Stopwatch.GetElapsedTime(struck);
        LongestPause = pause > LongestPause ? pause : LongestPause;
    }

    private Task Settles() => Until(() => cluster.IsSettled || HasEnded);

    /// <summary>Waits until the members have applied another sum.</summary>
    private Task Moves(IReadOnlyList<ToyWorker> members)
    {
        int before = members[0].Applied;
        return Until(() => members[0].Applied > before || HasEnded);
    }

    private static async Task Until(Func<bool> holds)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!holds())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Delay(1);
        }
    }
}
