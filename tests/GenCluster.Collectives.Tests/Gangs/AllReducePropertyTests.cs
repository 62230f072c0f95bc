using System.Collections.Immutable;
using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Tests.Support;
using GenCluster.Collectives.Tree;
using GenCluster.TestDraws;

namespace GenCluster.Collectives.Tests.Gangs;

/// <summary>Any gang over any transports sums any buckets like one sequential tree.</summary>
public sealed class AllReducePropertyTests
{
    private const int FewCases = 150;

    [Fact]
    public async Task Every_member_gets_the_sum_of_a_sequential_tree()
    {
        var cases = Draws.Cases(FewCases);
        for (var seed = 0; seed < cases; seed++)
        {
            var drawn = Drawn.From(new Random(seed));
            try
            {
                await CheckAsync(drawn, seed);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"case {seed}: {drawn}", e);
            }
        }
    }

    private static async Task CheckAsync(Drawn drawn, int seed)
    {
        using var gang = await Loopback.JoinedAsync(drawn.Plan, member => drawn.Options[member]);
        for (var phase = 0; phase < drawn.Plan.Layout.Phases.Length; phase++)
        {
            var results = await gang.AllReduceAsync(seed, _ => phase + 7, _ => phase);

            var expected = Vectors.ExpectedSum(seed, phase + 7, drawn.Plan.Shards, Vectors.LengthOf(drawn.Plan, phase));
            foreach (var (sum, broken) in results)
            {
                broken.ShouldBeNull();
                sum.ShouldBeBitwise(expected);
            }
        }
    }

    private sealed record Drawn(GangPlan Plan, ImmutableArray<GangOptions> Options)
    {
        private static readonly Transport[] Everywhere = [Transport.SharedMemory, Transport.Unix, Transport.Tcp];

        public static Drawn From(Random random)
        {
            var members = random.Next(100) switch { 0 => 64, < 5 => random.Next(9, 33), < 20 => random.Next(5, 9), _ => random.Next(2, 5) };
            var shards = Math.Max(1 << random.Next(7), (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)members));
            var ranges = random.Next(3) == 0 ? GangPlan.Divide(shards, members) : Vectors.RandomDivision(random, shards, members);
            var longest = 400_000 / (members * shards); // the reference sum costs time too
            var phases = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Buckets(random, longest)).ToArray();
            var capacity = phases.Max(phase => phase.Max(bucket => bucket.End)) + random.Next(20);
            var forced = Everywhere[random.Next(3)];
            var mixed = random.Next(2) == 0;
            return new Drawn(
                new GangPlan(shards, ranges, new VectorLayout(capacity, phases)),
                [.. Enumerable.Range(0, members).Select(_ => new GangOptions
                {
                    RedialAfter = TimeSpan.FromMilliseconds(1),
                    Transport = mixed ? (random.Next(3) == 0 ? Transport.Tcp : Transport.Auto) : forced,
                    Host = mixed && random.Next(2) == 0 ? new Guid(1, 0, 0, new byte[8]) : null,
                })]);
        }

        public override string ToString() =>
            $"{Plan.Shards} shards as {string.Join(' ', Plan.Ranges)}, {string.Join(" | ", Plan.Layout.Phases.Select(phase => string.Join(' ', phase)))}, "
            + string.Join(' ', Options.Select(options => $"{options.Transport}{(options.Host is null ? "" : "@other")}"));

        private static ImmutableArray<Bucket> Buckets(Random random, int longest)
        {
            var buckets = new List<Bucket>();
            var start = 0;
            for (var count = random.Next(1, 4); count > 0; count--)
            {
                var length = random.Next(6) switch
                {
                    0 => random.Next(3),
                    1 => 16 * random.Next(5),
                    2 => random.Next(longest),
                    _ => random.Next(300),
                };
                buckets.Add(new Bucket(start, length));
                start += ((length + 15) / 16 * 16) + (16 * random.Next(3));
            }

            return [.. buckets.OrderBy(_ => random.Next())];
        }
    }
}
