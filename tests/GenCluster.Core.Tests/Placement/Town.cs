using System.Collections.Immutable;
using GenCluster.Core.Identity;
using GenCluster.Core.Placement;
using GenCluster.Core.Workers;
using static GenCluster.Core.Tests.Support.Samples;

namespace GenCluster.Core.Tests.Placement;

/// <summary>A cluster in which anything happens. After every decision it is checked what must hold of each.</summary>
internal sealed class Town
{
    private static readonly string[] Projects = ["default", "vision", "speech"];

    private readonly Random random;
    private readonly List<OfferedWorker> workers = [];
    private readonly List<WaitingGang> waiting = [];
    private readonly Dictionary<TrialId, PlacedGang> gangs = [];
    private readonly ProjectRules rules;
    private readonly bool hasDevices;
    private IReadOnlyList<TrialId> heads = [];
    private TimeSpan now;
    private int trials, names;
    private long turns, seats;

    private Town(Random random, ProjectRules rules, bool hasDevices) => (this.random, this.rules, this.hasDevices) = (random, rules, hasDevices);

    public int Workers => workers.Count;

    public IReadOnlyCollection<WaitingGang> Waiting => waiting;

    public IReadOnlyCollection<PlacedGang> Gangs => gangs.Values;

    public PlacementPlan Plan { get; private set; } = new([], [], [], [], [], []);

    private PlacementState State => new([.. workers], [.. waiting], [.. gangs.Values]) { Projects = rules, Now = now, Heads = heads };

    /// <summary>Any workers and any rules.</summary>
    public static Town Any(int seed)
    {
        var random = new Random(seed);
        var rules = Projects.ToImmutableSortedDictionary(p => p, _ => new ProjectRule(random.Next(3) == 0 ? random.Next(1, 8) : null, random.Next(1, 4)));
        var town = new Town(random, new ProjectRules(rules), hasDevices: random.Next(3) == 0);
        for (int i = random.Next(1, 14); i > 0; i--)
            town.Attach();
        return town;
    }

    /// <summary>Equal workers on one host, and no rules.</summary>
    public static Town Of(int workers)
    {
        var town = new Town(new Random(workers), ProjectRules.None, hasDevices: false);
        town.workers.AddRange(Enumerable.Range(0, workers).Select(i => new OfferedWorker(new WorkerId($"w{i:00}"))));
        return town;
    }

    public void AnyEvent()
    {
        switch (random.Next(12))
        {
            case 0 or 1 or 2:
                Arrive(AnyWish());
                break;
            case 3 or 4 when gangs.Count > 0:
                End(AnyGang());
                break;
            case 5 or 6:
                GiveBack(all: false);
                break;
            case 7:
                Attach();
                break;
            case 8 when workers.Count > 1:
                Lose(workers[random.Next(workers.Count)]);
                break;
            case 9:
                Pass(TimeSpan.FromMinutes(random.Next(1, 10)));
                break;
            case 10 when workers.Count > 0:
                int at = random.Next(workers.Count);
                workers[at] = workers[at] with { Fitness = (WorkerFitness)Math.Max(0, random.Next(-4, 3)) };
                break;
            case 11 when waiting.Count > 0:
                waiting.RemoveAt(random.Next(waiting.Count)); // it was cancelled
                break;
        }
    }

    public TrialId Arrive(GangRequest wish)
    {
        waiting.Add(new WaitingGang(wish, ++turns));
        return wish.Trial;
    }

    public GangRequest Wish(int min, int max, string project = "default") => new(new TrialId(Sweep, ++trials), min, max) { Project = project };

    public bool IsPlaced(TrialId trial) => gangs.ContainsKey(trial);

    /// <summary>The trial of this gang is over.</summary>
    public void End(PlacedGang gang)
    {
        gangs.Remove(gang.Wish.Trial);
        Free(w => w.Trial == gang.Wish.Trial);
    }

    /// <summary>Some, or all, of what was asked for is given back. A trial that was stopped waits anew.</summary>
    public void GiveBack(bool all)
    {
        foreach (var gang in gangs.Values.ToArray())
        {
            if (gang.Ends && (all || random.Next(2) == 0))
            {
                End(gang);
                Arrive(gang.Wish);
                continue;
            }

            WorkerId[] gone = [.. gang.Leaving.Where(_ => all || random.Next(2) == 0)];
            gangs[gang.Wish.Trial] = gang with { Leaving = [.. gang.Leaving.Except(gone)] };
            Free(w => gone.Contains(w.Worker));
        }
    }

    public void Pass(TimeSpan time)
    {
        now += time;
        for (int i = 0; i < workers.Count; i++)
            workers[i] = workers[i] with { IsIdle = true };
    }

    /// <summary>Decides, checks the plan and carries it out.</summary>
    public PlacementPlan Decide()
    {
        var state = State;
        Plan = PlacementDecider.Decide(state);
        var turned = state with { Workers = Shuffled(state.Workers), Waiting = Shuffled(state.Waiting), Placed = Shuffled(state.Placed), Heads = Shuffled(state.Heads) };
        Scene.Text(PlacementDecider.Decide(turned)).ShouldBe(Scene.Text(Plan), "the order of the lists matters");
        Plan.Grants.Select(g => g.Trial).Concat(Plan.Waits.Select(w => w.Trial)).ShouldBe(waiting.Select(w => w.Wish.Trial), ignoreOrder: true);
        Plan.Waits.ShouldAllBe(w => w.Text.Length > 0);

        var over = OverCommitted();
        var used = Used();
        foreach (var (trial, members) in Plan.Grants)
            Grant(waiting.Single(w => w.Wish.Trial == trial).Wish, members);
        foreach (var (trial, joiners) in Plan.Growths)
            Grow(gangs[trial], joiners);
        foreach (var (trial, spared) in Plan.Shrinkages)
            Shrink(gangs[trial], spared);
        foreach (var (trial, by) in Plan.Preemptions)
            Stop(gangs[trial], waiting.Single(w => w.Wish.Trial == by).Wish);
        OverCommitted().Except(over).ShouldBeEmpty("a device has less memory than its trials need");
        foreach (var (project, count) in Used())
            (count <= rules.QuotaOf(project) || count <= used.GetValueOrDefault(project)).ShouldBeTrue($"{project} has {count} workers");
        heads = Plan.Heads;
        return Plan;
    }

    private void Grant(GangRequest wish, IReadOnlyList<WorkerId> members)
    {
        members.Count.ShouldBeInRange(wish.Min, wish.Max);
        waiting.RemoveAll(w => w.Wish.Trial == wish.Trial);
        gangs.Add(wish.Trial, new PlacedGang(wish, now));
        Place(wish, members);
    }

    private void Grow(PlacedGang gang, IReadOnlyList<WorkerId> joiners)
    {
        (gang.Ends, gang.Leaving.Count).ShouldBe((false, 0));
        joiners.ShouldAllBe(j => Find(j).IsIdle && Find(j).Fitness == WorkerFitness.Fit);
        Place(gang.Wish, joiners);
        MembersOf(gang).ShouldBeLessThanOrEqualTo(gang.Wish.Max);
    }

    private void Shrink(PlacedGang gang, IReadOnlyList<WorkerId> spared)
    {
        spared.ShouldAllBe(w => Find(w).Trial == gang.Wish.Trial && !gang.Leaving.Contains(w));
        gangs[gang.Wish.Trial] = gang with { Leaving = [.. gang.Leaving, .. spared] };
        (MembersOf(gang) - gang.Leaving.Count - spared.Count).ShouldBeGreaterThanOrEqualTo(gang.Wish.Min);
    }

    private void Stop(PlacedGang gang, GangRequest by)
    {
        gang.Ends.ShouldBeFalse();
        gang.Wish.Priority.ShouldBeLessThan(by.Priority);
        (now - gang.Since).ShouldBeGreaterThanOrEqualTo(gang.Wish.MinRuntime);
        gangs[gang.Wish.Trial] = gang with { Ends = true };
    }

    private void Place(GangRequest wish, IReadOnlyList<WorkerId> chosen)
    {
        foreach (var worker in chosen)
        {
            int at = workers.FindIndex(w => w.Worker == worker);
            workers[at].Trial.ShouldBeNull("it is not free");
            workers[at].Fitness.ShouldNotBe(WorkerFitness.Closed);
            (wish.Device is not "cuda" || workers[at].Device is "cuda").ShouldBeTrue("it has no GPU");
            workers[at] = workers[at] with { Trial = wish.Trial, Seat = ++seats };
        }
    }

    private void Attach()
    {
        int name = ++names;
        workers.Add(new OfferedWorker(new WorkerId($"w{name:00}"))
        {
            Host = $"host-{random.Next(3)}",
            Device = random.Next(4) == 0 ? "cuda" : "cpu",
            Shared = hasDevices && random.Next(4) > 0 ? new DeviceMemory($"gpu-{random.Next(2)}", 10) : null,
            IsIdle = random.Next(2) == 0,
        });
    }

    private void Lose(OfferedWorker worker)
    {
        workers.Remove(worker);
        if (worker.Trial is not { } trial || !gangs.TryGetValue(trial, out var gang))
            return;
        gang = gangs[trial] = gang with { Leaving = [.. gang.Leaving.Where(w => w != worker.Worker)] };
        if (MembersOf(gang) - gang.Leaving.Count < gang.Wish.Min)
            gangs[trial] = gang with { Ends = true };
        if (MembersOf(gang) == 0)
        {
            End(gang);
            Arrive(gang.Wish);
        }
    }

    private GangRequest AnyWish()
    {
        int min = random.Next(5) == 0 ? random.Next(1, 9) : random.Next(1, 4);
        return Wish(min, min + random.Next(4), Projects[random.Next(Projects.Length)]) with
        {
            Priority = Math.Max(0, random.Next(-3, 3)),
            MinRuntime = TimeSpan.FromMinutes(Math.Max(0, random.Next(-10, 10))),
            Device = random.Next(6) == 0 ? "cuda" : "auto",
            Memory = hasDevices ? random.Next(8) : 0,
            SharesDevice = random.Next(2) == 0,
        };
    }

    private PlacedGang AnyGang() => gangs.Values.ElementAt(random.Next(gangs.Count));

    private void Free(Predicate<OfferedWorker> which)
    {
        for (int i = 0; i < workers.Count; i++)
        {
            if (which(workers[i]))
                workers[i] = workers[i] with { Trial = null, IsIdle = false };
        }
    }

    private OfferedWorker Find(WorkerId worker) => workers.Single(w => w.Worker == worker);

    private int MembersOf(PlacedGang gang) => workers.Count(w => w.Trial == gang.Wish.Trial);

    private Dictionary<string, int> Used() => gangs.Values.GroupBy(g => g.Wish.Project).ToDictionary(p => p.Key, p => p.Sum(MembersOf));

    private HashSet<(string Host, string Device, long Load)> OverCommitted() =>
    [
        .. workers.Where(w => w.Shared is not null && w.Trial is not null).GroupBy(w => (w.Host, w.Shared!.Device))
            .Select(d => (d.Key.Host, d.Key.Device, Load: d.Sum(w => gangs[w.Trial!.Value].Wish is { SharesDevice: true, Memory: > 0 } wish ? wish.Memory : 10)))
            .Where(d => d.Load > 10),
    ];

    private T[] Shuffled<T>(IReadOnlyCollection<T> items)
    {
        T[] shuffled = [.. items];
        random.Shuffle(shuffled);
        return shuffled;
    }
}
