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
        var requests = waiting.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select((range, i) => Request(i + 1, range[0] - '0', range[2] - '0')).ToList();

        var grants = Placement.Decide(requests, Workers(free));

        string.Join(" | ", grants.Select(g => string.Join(' ', g.Members))).ShouldBe(expected);
    }

    [Fact]
    public void Order_of_hellos_does_not_matter()
    {
        var request = Request(1, 2, 2);

        Placement.Decide([request], Workers(4)).Single().Members.ShouldBe(Placement.Decide([request], Workers(4).Reverse()).Single().Members);
    }

    [Fact]
    public void A_large_gang_is_not_overtaken_by_small_ones()
    {
        Placement.Decide([Request(1, 4, 4), Request(2, 1, 1), Request(3, 1, 1)], Workers(3)).ShouldBeEmpty();
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

            var grants = Placement.Decide(waiting, free);

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
                var sizes = Placement.Decide(waiting, Workers(free)).Select(g => g.Members.Count).ToList();

                sizes.Sum().ShouldBe(free);
                (sizes.Max() - sizes.Min()).ShouldBeInRange(0, 1);
            }
        }
    }

    private static GangRequest AnyRequest(Random random, int trial)
    {
        int min = random.Next(1, 5);
        return Request(trial, min, min + random.Next(4));
    }

    private static GangRequest Request(int trial, int min, int max) => new(new TrialId(Sweep, trial), min, max);

    private static IEnumerable<WorkerId> Workers(int count) => Enumerable.Range(0, count).Select(i => new WorkerId($"{(char)('a' + i)}"));
}
