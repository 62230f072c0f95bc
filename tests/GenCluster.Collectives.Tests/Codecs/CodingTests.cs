using System.Collections.Immutable;
using GenCluster.Collectives.Codecs;
using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Memory;
using GenCluster.Collectives.Tests.Support;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Tests.Codecs;

/// <summary>Divided among members, a coded sum has the bits that one process would have computed.</summary>
public sealed class CodingTests
{
    [Theory]
    [InlineData(Transport.SharedMemory)]
    [InlineData(Transport.Tcp)]
    [InlineData(Transport.Unix)]
    public async Task Bits_do_not_depend_on_the_division_nor_on_its_changes(Transport transport)
    {
        var random = new Random((int)transport);
        for (var round = 0; round < 8; round++)
        {
            var codec = Gradients.CodecOf(Gradients.AllCodecs.Select(row => row.Data).ElementAt(random.Next(5)));
            var shards = 1 << random.Next(5);
            var length = random.Next(4) switch
            {
                0 => random.Next(16, 300),
                1 => Codec.BlockElements,
                2 => random.Next(Codec.BlockElements, 7 * Codec.BlockElements),
                _ => random.Next(100_000, 300_000), // several chunks
            };
            var tree = new CodedTree(codec, shards, length);
            var gang = await CodedGang.FreshAsync(codec, new GangPlan(shards, Division(random, shards), VectorLayout.Plain(length)), new GangOptions { Transport = transport });
            for (var step = 0; step < 3; step++)
            {
                float[][] vectors = [.. Enumerable.Range(0, shards).Select(shard => Gradients.Drawn(HashCode.Combine(round, step, shard), length))];

                var sums = await gang.StepAsync(0, vectors);

                var expected = tree.Sum(vectors).Bits();
                sums.ShouldAllBe(sum => sum.Bits().SequenceEqual(expected), $"{codec}, step {step}, {shards} shards over {string.Join(' ', gang.Plan.Ranges)}, {length} elements");
                if (random.Next(2) == 0)
                {
                    tree = new CodedTree(codec, shards, length);
                    gang = await gang.DivideAsync(Division(random, shards));
                }
            }

            gang.Dispose();
        }
    }

    [Fact]
    public async Task Phases_and_buckets_have_residuals_of_their_own()
    {
        const int Shards = 2;
        var layout = new VectorLayout(160, [new(0, 100), new(112, 33)], [new(16, 70)]);
        using var gang = await CodedGang.FreshAsync(Codec.Int8, GangPlan.Even(Shards, 2, layout));
        var trees = layout.Phases.Select(phase => phase.Select(bucket => new CodedTree(Codec.Int8, Shards, bucket.Length)).ToArray()).ToArray();
        for (var step = 0; step < 6; step++)
        {
            var phase = step % 2;
            float[][] vectors = [.. Enumerable.Range(0, Shards).Select(shard => Gradients.Drawn((10 * step) + shard, 160))];

            var sum = (await gang.StepAsync(phase, vectors))[1];

            foreach (var (bucket, place) in layout.Phases[phase].Index())
            {
                sum[place.Start..place.End].Bits().ShouldBe(trees[phase][bucket].Sum([.. vectors.Select(vector => vector[place.Start..place.End])]).Bits());
            }
        }
    }

    [Theory]
    [InlineData("bf16", 0.51)]
    [InlineData("int8", 0.26)]
    [InlineData("top-k 0.01", 0.02)]
    public async Task Only_codes_cross_the_wire(string name, double part)
    {
        const int Blocks = 64, Members = 4;
        using var gang = await CodedGang.FreshAsync(
            Gradients.CodecOf(name), GangPlan.Even(4, Members, VectorLayout.Plain(Blocks * Codec.BlockElements)), new GangOptions { Transport = Transport.Tcp });

        await gang.StepAsync(0, [.. Enumerable.Range(0, 4).Select(shard => Gradients.Drawn(shard, Blocks * Codec.BlockElements))]);

        // As without a code: each member's slice comes from each other one and goes back to each of them.
        var exact = 2L * (Members - 1) * Blocks * Codec.BlockElements * sizeof(float);
        gang.BytesSent.ShouldBeInRange((long)(0.7 * part * exact), (long)(part * exact));
    }

    [Fact]
    public void Buckets_that_are_not_covered_stay_exact()
    {
        var plan = GangPlan.Even(2, 1, new VectorLayout(64, [new Bucket(0, 20), new Bucket(32, 20)]));
        using var memory = new VectorMemory(64, 2);
        using var gang = new SoloGang(plan);
        var vectors = new ShardAccumulator(plan, 0, memory, new Coding(Codec.Bf16, new Residuals(plan.Layout, 2), (_, bucket) => bucket == 0));
        for (var shard = 0; shard < 2; shard++)
        {
            vectors.Vector.Fill(1.001f);
            vectors.Commit(shard);
        }

        gang.AllReduce(vectors, 0);

        vectors.Vector[0].ShouldBe(2f);
        vectors.Vector[32].ShouldBe(2.002f);
    }

    [Fact]
    public void A_step_allocates_nothing_once_all_nodes_have_residuals()
    {
        var plan = GangPlan.Even(4, 1, VectorLayout.Plain(10_000));
        using var memory = new VectorMemory(10_000, 4);
        using var gang = new SoloGang(plan);
        var vectors = new ShardAccumulator(plan, 0, memory, new Coding(Codec.Bf16, new Residuals(plan.Layout, 4), (_, _) => true));
        Step();

        var before = GC.GetAllocatedBytesForCurrentThread();
        Step();

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void Step()
        {
            vectors.Begin(0);
            for (var shard = 0; shard < 4; shard++)
            {
                vectors.Vector.Fill(shard);
                vectors.Commit(shard);
            }

            gang.Reduce(vectors, 0, 0);
        }
    }

    [Fact]
    public async Task What_was_forgotten_is_not_in_later_sums()
    {
        const int Length = 9_000;
        float[][] Step(int step) => [.. Enumerable.Range(0, 4).Select(shard => Gradients.Drawn((4 * step) + shard, Length))];
        using var gang = await CodedGang.FreshAsync(Codec.Int8, GangPlan.Even(4, 2, VectorLayout.Plain(Length)));
        await gang.StepAsync(0, Step(1));
        var remembering = await gang.StepAsync(0, Step(2));
        gang.Forget();

        var forgetting = await gang.StepAsync(0, Step(2));

        forgetting[1].Bits().ShouldBe(new CodedTree(Codec.Int8, 4, Length).Sum(Step(2)).Bits());
        forgetting[1].Bits().ShouldNotBe(remembering[1].Bits());
    }

    private static ImmutableArray<ShardRange> Division(Random random, int shards) =>
        Vectors.RandomDivision(random, shards, random.Next(1, Math.Min(4, shards) + 1));
}
