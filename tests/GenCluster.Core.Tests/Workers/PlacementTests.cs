using GenCluster.Core.Identity;
using GenCluster.Core.Workers;
using static GenCluster.Core.Tests.Support.Samples;

namespace GenCluster.Core.Tests.Workers;

public sealed class PlacementTests
{
    [Theory]
    [InlineData("1-1", 1, "a")]
    [InlineData("1-1", 3, "a")]
    [InlineData("2-2", 1, "")]
    [InlineData("1-4", 3, "a b c")]
    [InlineData("1-4 1-4", 5, "a b | c d e")]
    [InlineData("1-2 1-2", 8, "a b | c d")]
    [InlineData("1-4 1-4 1-4", 2, "a | b")]
    [InlineData("3-4 1-1", 2, "")]
    [InlineData("2-4 2-4", 3, "a b")]
    [InlineData("", 3, "")]
    public void Gangs_are_formed_whole_in_order_with_even_shares(string waiting, int free, string expected)
    {
        var grants = Placement.Decide(Wishes(waiting), [], Idle(free)).Grants;

        string.Join(" | ", grants.Select(g => string.Join(' ', g.Members))).ShouldBe(expected);
    }

    [Theory]
    [InlineData("1-4:2", 2, "1+a b")]
    [InlineData("1-4:2 1-4:1", 2, "1+b 2+a")] // the smaller one first
    [InlineData("1-2:2 1-2:2", 3, "")]
    [InlineData("1-4:4/1", 2, "")] // one that gives back takes nothing
    [InlineData("", 2, "")]
    public void What_no_waiting_trial_can_use_makes_gangs_grow(string placed, int free, string expected)
    {
        Growths(Placement.Decide([], Gangs(placed), Idle(free))).ShouldBe(expected);
    }

    [Fact]
    public void A_worker_that_was_freed_a_moment_ago_joins_nobody()
    {
        var free = Workers(2).Select((w, i) => new FreeWorker(w, Idle: i == 1));

        Growths(Placement.Decide([], Gangs("1-4:1"), free)).ShouldBe("1+b");
    }

    [Fact]
    public void A_worker_that_failed_in_a_gang_does_not_join_it_again()
    {
        var plan = Placement.Decide([], Gangs("1-4:1 1-4:3"), Idle(1), (trial, _) => trial.Number != 1);

        Growths(plan).ShouldBe("2+a");
    }

    [Theory]
    [InlineData("1-4", "1-4:4", 0, "1-2")] // both get half
    [InlineData("1-1", "1-4:4", 0, "1-1")]
    [InlineData("2-2", "2-4:4 2-4:4", 0, "1-1 2-1")] // from the largest in turn
    [InlineData("1-4", "2-2:2", 0, "")] // nobody goes below its minimum
    [InlineData("4-4", "1-4:4", 0, "")] // three of four would be for nothing
    [InlineData("2-2", "1-4:4/2", 0, "")] // they are on their way already
    [InlineData("2-2", "1-4:2/1", 0, "1-1")]
    [InlineData("1-1 1-1", "1-4:4", 0, "1-2")]
    [InlineData("2-2", "1-2:2", 1, "1-1")]
    public void Gangs_give_back_what_a_waiting_trial_needs(string waiting, string placed, int free, string expected)
    {
        var plan = Placement.Decide(Wishes(waiting, from: 9), Gangs(placed), Idle(free));

        string.Join(' ', plan.Shrinkages.Select(s => $"{s.Trial.Number}-{s.Count}")).ShouldBe(expected);
    }

    [Fact]
    public void What_is_free_is_kept_for_a_trial_that_others_make_room_for()
    {
        var plan = Placement.Decide(Wishes("3-3", from: 9), Gangs("1-4:3"), Idle(1));

        plan.Shrinkages.ShouldHaveSingleItem().Count.ShouldBe(2);
        plan.Growths.ShouldBeEmpty();
    }

    [Fact]
    public void What_is_free_and_too_little_for_a_trial_in_any_case_is_used_by_the_others()
    {
        var plan = Placement.Decide(Wishes("8-8", from: 9), Gangs("1-4:3"), Idle(1));

        plan.Shrinkages.ShouldBeEmpty();
        Growths(plan).ShouldBe("1+a");
    }

    [Fact]
    public void Order_of_hellos_does_not_matter()
    {
        var request = Request(1, 2, 2);

        Placement.Decide([request], [], Idle(4)).Grants.Single().Members.ShouldBe(Placement.Decide([request], [], Idle(4).Reverse()).Grants.Single().Members);
    }

    [Fact]
    public void A_large_gang_is_not_overtaken_by_small_ones()
    {
        Placement.Decide([Request(1, 4, 4), Request(2, 1, 1), Request(3, 1, 1)], [], Idle(3)).Grants.ShouldBeEmpty();
    }

    [Fact]
    public void No_wish_is_ever_half_granted_overtaken_or_granted_out_of_thin_air()
    {
        for (int seed = 0; seed < 10_000; seed++)
        {
            var random = new Random(seed);
            var waiting = Enumerable.Range(1, random.Next(6)).Select(i => AnyRequest(random, i)).ToList();
            var free = Workers(random.Next(12)).ToArray();
            random.Shuffle(free);

            var grants = Placement.Decide(waiting, [], free.Select(w => new FreeWorker(w, Idle: true))).Grants;

            var members = grants.SelectMany(g => g.Members).ToList();
            bool whole = grants.Zip(waiting).All(pair =>
                pair.First.Trial == pair.Second.Trial && pair.First.Members.Count >= pair.Second.Min && pair.First.Members.Count <= pair.Second.Max);
            bool real = members.Distinct().Count() == members.Count && members.All(free.Contains);
            bool generous = grants.Count == waiting.Count || waiting[grants.Count].Min > free.Length - members.Count;
            (whole, real, generous).ShouldBe((true, true, true), $"seed {seed}");
        }
    }

    [Fact]
    public void Equal_wishes_get_shares_that_differ_by_one_at_most()
    {
        for (int trials = 1; trials <= 6; trials++)
        {
            for (int free = trials; free <= 20; free++)
            {
                var waiting = Enumerable.Range(1, trials).Select(i => Request(i, 1, 20)).ToList();
                var sizes = Placement.Decide(waiting, [], Idle(free)).Grants.Select(g => g.Members.Count).ToList();

                sizes.Sum().ShouldBe(free);
                (sizes.Max() - sizes.Min()).ShouldBeInRange(0, 1);
            }
        }
    }

    /// <summary>A whole cluster, decided over and over: it comes to rest with nobody above its limits, and nobody waiting who could be served.</summary>
    [Fact]
    public void Every_cluster_comes_to_rest_and_serves_all_it_can()
    {
        for (int seed = 0; seed < 3_000; seed++)
        {
            var random = new Random(seed);
            var free = Workers(random.Next(1, 16)).ToList();
            int workers = free.Count;
            var waiting = Enumerable.Range(1, random.Next(1, 6)).Select(i => AnyRequest(random, i)).ToList();
            var later = new Queue<GangRequest>(waiting.Skip(random.Next(waiting.Count + 1)).ToArray());
            waiting.RemoveAll(later.Contains);
            Dictionary<TrialId, (GangRequest Wish, List<WorkerId> Members)> gangs = [];

            for (int round = 0; ; round++)
            {
                round.ShouldBeLessThan(60, $"seed {seed} never comes to rest");
                var plan = Placement.Decide(waiting, [.. gangs.Values.Select(g => new PlacedGang(g.Wish, g.Members.Count, 0))], free.Select(w => new FreeWorker(w, Idle: true)));
                foreach (var grant in plan.Grants)
                    gangs[grant.Trial] = (waiting.Single(r => r.Trial == grant.Trial), [.. grant.Members]);
                waiting.RemoveAll(r => gangs.ContainsKey(r.Trial));
                free.RemoveAll(plan.Grants.SelectMany(g => g.Members).Concat(plan.Growths.SelectMany(g => g.Joiners)).Contains);
                foreach (var growth in plan.Growths)
                    gangs[growth.Trial].Members.AddRange(growth.Joiners);
                foreach (var (trial, count) in plan.Shrinkages)
                {
                    free.AddRange(gangs[trial].Members.TakeLast(count));
                    gangs[trial].Members.RemoveRange(gangs[trial].Members.Count - count, count);
                }

                (free.Count + gangs.Values.Sum(g => g.Members.Count)).ShouldBe(workers, $"seed {seed}");
                gangs.Values.ShouldAllBe(g => g.Members.Count >= g.Wish.Min && g.Members.Count <= g.Wish.Max);
                if (plan.Grants.Count + plan.Growths.Count + plan.Shrinkages.Count > 0)
                    continue;
                if (waiting.Count > 0)
                    (free.Count + gangs.Values.Sum(g => g.Members.Count - g.Wish.Min)).ShouldBeLessThan(waiting[0].Min, $"seed {seed}");
                else
                    (free.Count == 0 || gangs.Values.All(g => g.Members.Count == g.Wish.Max)).ShouldBeTrue($"seed {seed}");
                if (!later.TryDequeue(out var next))
                    break;
                waiting.Add(next);
            }
        }
    }

    private static string Growths(PlacementPlan plan) => string.Join(' ', plan.Growths.Select(g => $"{g.Trial.Number}+{string.Join(' ', g.Joiners)}"));

    private static GangRequest AnyRequest(Random random, int trial)
    {
        int min = random.Next(1, 5);
        return Request(trial, min, min + random.Next(4));
    }

    private static List<GangRequest> Wishes(string ranges, int from = 1) =>
        [.. ranges.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((range, i) => Request(from + i, range[0] - '0', range[2] - '0'))];

    /// <summary><c>1-4:3/1</c>: from one to four, has three that stay and one that goes.</summary>
    private static List<PlacedGang> Gangs(string gangs) =>
    [
        .. gangs.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select((g, i) => new PlacedGang(Request(i + 1, g[0] - '0', g[2] - '0'), g[4] - '0', g.Length > 5 ? g[6] - '0' : 0)),
    ];

    private static GangRequest Request(int trial, int min, int max) => new(new TrialId(Sweep, trial), min, max);

    private static IEnumerable<FreeWorker> Idle(int count) => Workers(count).Select(w => new FreeWorker(w, Idle: true));

    private static IEnumerable<WorkerId> Workers(int count) => Enumerable.Range(0, count).Select(i => new WorkerId($"{(char)('a' + i)}"));
}
