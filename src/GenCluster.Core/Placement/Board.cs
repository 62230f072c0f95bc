using GenCluster.Core.Identity;
using GenCluster.Core.Workers;

namespace GenCluster.Core.Placement;

/// <summary>
/// The workers in the order of their names and the gangs in the order of their trials, so that nothing depends on the
/// order in which they are told. A worker, a host and a device are numbers here.
/// </summary>
internal sealed class Board
{
    private readonly Dictionary<(string Device, long Memory, bool Shares), Territory> territories = [];

    public Board(PlacementState state)
    {
        Workers = [.. state.Workers.OrderBy(w => w.Worker.Value, StringComparer.Ordinal)];
        string[] hosts = [.. Workers.Select(w => w.Host).Distinct().Order(StringComparer.Ordinal)];
        HostOf = [.. Workers.Select(w => Array.BinarySearch(hosts, w.Host, StringComparer.Ordinal))];

        var devices = Workers.Where(w => w.Shared is not null).GroupBy(w => (w.Host, w.Shared!.Device)).ToArray();
        var numbers = devices.Select((d, i) => (d.Key, Number: i)).ToDictionary(d => d.Key, d => d.Number);
        BytesOf = [.. devices.Select(d => d.Min(w => w.Shared!.Bytes))];
        DeviceOf = [.. Workers.Select(w => w.Shared is { } shared ? numbers[(w.Host, shared.Device)] : -1)];

        Gangs = [.. state.Placed.OrderBy(g => g.Wish.Trial, ByTrial).Select(StandingOf)];
    }

    public static IComparer<TrialId> ByTrial { get; } = Comparer<TrialId>.Create((a, b) =>
        string.CompareOrdinal(a.Sweep.Value, b.Sweep.Value) is not 0 and var order ? order : a.Number.CompareTo(b.Number));

    public OfferedWorker[] Workers { get; }

    public int[] HostOf { get; }

    /// <summary>-1: a device of its own.</summary>
    public int[] DeviceOf { get; }

    public long[] BytesOf { get; }

    public IReadOnlyList<Standing> Gangs { get; }

    /// <summary>What a member takes of a device's memory: all of it, unless it shares and says how much it needs.</summary>
    public long LoadOf(GangRequest? wish, int device) => wish is { SharesDevice: true, Memory: > 0 } ? wish.Memory : Math.Max(1, BytesOf[device]);

    /// <summary>Whether the worker could be a member if nobody else were there.</summary>
    public bool Suits(GangRequest wish, int worker) => Workers[worker].Fitness is not WorkerFitness.Closed && IsOfItsKind(wish, worker);

    /// <summary>The same, of a worker that is set aside too.</summary>
    public bool IsOfItsKind(GangRequest wish, int worker) =>
        (wish.Device is not "cuda" || Workers[worker].Device is not "cpu") && (DeviceOf[worker] < 0 || wish.Memory <= BytesOf[DeviceOf[worker]]);

    public Territory TerritoryOf(GangRequest wish)
    {
        var key = (wish.Device, wish.Memory, wish.SharesDevice);
        if (!territories.TryGetValue(key, out var territory))
            territories[key] = territory = Territory.Of(this, wish);
        return territory;
    }

    private Standing StandingOf(PlacedGang gang)
    {
        int[] all = [.. Enumerable.Range(0, Workers.Length).Where(w => Workers[w].Trial == gang.Wish.Trial).OrderBy(w => Workers[w].Seat).ThenBy(w => w)];
        return new Standing(gang.Wish, gang.Since, [.. all.Where(w => !gang.Leaving.Contains(Workers[w].Worker))])
        {
            Leaving = [.. all.Where(w => gang.Leaving.Contains(Workers[w].Worker))],
            Ends = gang.Ends,
        };
    }
}

/// <summary>A gang while it is decided about.</summary>
internal sealed class Standing(GangRequest wish, TimeSpan since, List<int> members)
{
    public GangRequest Wish => wish;

    public TimeSpan Since => since;

    /// <summary>Who is to stay, in the order in which they came.</summary>
    public List<int> Members => members;

    /// <summary>Who was asked to go by earlier decisions.</summary>
    public IReadOnlyList<int> Leaving { get; init; } = [];

    /// <summary>Who is asked to go by this decision.</summary>
    public List<int> Asked { get; } = [];

    public bool Ends { get; set; }

    /// <summary>The trial that this decision stops it for.</summary>
    public TrialId? StoppedFor { get; set; }

    /// <summary>Members that it can do without.</summary>
    public int Spare => Ends ? 0 : Math.Max(0, members.Count - wish.Min);
}
