using System.Collections.Immutable;
using FsCheck.Xunit;
using GenCluster.Collectives.Codecs;
using GenCluster.Collectives.Memory;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Tests.Codecs;

/// <summary>Divided among members, a coded sum has the bits that one process would have computed.</summary>
public sealed class CodedReductionTests
{
    [Property(MaxTest = 80)]
    public void Bits_do_not_depend_on_the_division_nor_on_its_changes(int seed)
    {
        var random = new Random(seed);
        var codec = Gradients.CodecOf(Gradients.AllCodecs.Select(row => row.Data).ElementAt(random.Next(5)));
        var shards = 1 << random.Next(5);
        var length = random.Next(4) switch { 0 => random.Next(3), 1 => random.Next(300), 2 => Codec.BlockElements, _ => random.Next(5 * Codec.BlockElements) };
        var tree = new CodedTree(codec, shards, length);

        var gang = CodedGang.Fresh(codec, new GangPlan(shards, Division(random, shards), VectorLayout.Plain(length)));
        for (var step = 0; step < 4; step++)
        {
            float[][] vectors = [.. Enumerable.Range(0, shards).Select(shard => Gradients.Drawn(HashCode.Combine(seed, step, shard), length))];

            var sums = gang.Step(0, vectors);

            var expected = tree.Sum(vectors).Bits();
            sums.ShouldAllBe(sum => sum.Bits().SequenceEqual(expected), $"{codec}, step {step}, {shards} shards over {string.Join(' ', gang.Plan.Ranges)}, {length} elements");
            if (random.Next(2) == 0)
            {
                gang = gang.Divide(Division(random, shards));
            }
        }

        gang.Dispose();
    }

    [Fact]
    public void Phases_and_buckets_have_residuals_of_their_own()
    {
        const int Shards = 2;
        var layout = new VectorLayout(160, [new(0, 100), new(112, 33)], [new(16, 70)]);
        using var gang = CodedGang.Fresh(Codec.Int8, GangPlan.Even(Shards, 2, layout));
        var trees = layout.Phases.Select(phase => phase.Select(bucket => new CodedTree(Codec.Int8, Shards, bucket.Length)).ToArray()).ToArray();
        for (var step = 0; step < 6; step++)
        {
            var phase = step % 2;
            float[][] vectors = [.. Enumerable.Range(0, Shards).Select(shard => Gradients.Drawn((10 * step) + shard, 160))];

            var sum = gang.Step(phase, vectors)[0];

            foreach (var (bucket, place) in layout.Phases[phase].Index())
            {
                sum[place.Start..place.End].Bits().ShouldBe(trees[phase][bucket].Sum([.. vectors.Select(vector => vector[place.Start..place.End])]).Bits());
            }
        }
    }

    [Theory]
    [InlineData("bf16", 0.5)]
    [InlineData("int8", 0.254)]
    [InlineData("top-k 0.01", 0.0152)]
    public void Only_codes_cross_the_wire(string name, double part)
    {
        const int Blocks = 8, Members = 4;
        var codec = Gradients.CodecOf(name);
        using var gang = CodedGang.Fresh(codec, GangPlan.Even(4, Members, VectorLayout.Plain(Blocks * Codec.BlockElements)));

        gang.Step(0, [.. Enumerable.Range(0, 4).Select(shard => Gradients.Drawn(shard, Blocks * Codec.BlockElements))]);

        // As without a code: each member's slice comes from each other one and goes back to each of them.
        var exact = 2L * (Members - 1) * Blocks * Codec.BlockElements * sizeof(float);
        gang.Exchange.Bytes.ShouldBeLessThanOrEqualTo((long)(part * exact));
    }

    [Fact]
    public void A_step_allocates_nothing_once_all_nodes_have_residuals()
    {
        var plan = GangPlan.Even(4, 1, VectorLayout.Plain(10_000));
        using var memory = new VectorMemory(10_000, 4);
        var vectors = new ShardAccumulator(plan, 0, memory);
        var coded = new CodedReduction(Codec.Bf16, vectors, new Residuals(plan.Layout, 4));
        var alone = new Alone();
        Step();

        var before = GC.GetAllocatedBytesForCurrentThread();
        Step();

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void Step()
        {
            coded.Begin();
            for (var shard = 0; shard < 4; shard++)
            {
                vectors.Vector.Fill(shard);
                coded.Commit(shard, 0);
            }

            coded.Reduce(alone, 0, 0);
        }
    }

    [Fact]
    public void Residuals_of_nodes_that_others_compute_are_let_go()
    {
        var random = new Random(1);
        var gang = CodedGang.Fresh(Codec.Int8, GangPlan.Even(4, 1, VectorLayout.Plain(9_000)));
        gang.Step(0, [.. Enumerable.Range(0, 4).Select(shard => Gradients.Drawn(shard, 9_000))]);
        var leaf = gang.Residuals[0].Of(0, 0, new TreeNode(0, 3)).ToArray();

        gang = gang.Divide(GangPlan.Divide(4, 2));

        gang.Residuals[1].Of(0, 0, new TreeNode(0, 3)).ToArray().ShouldBe(leaf, "it computes shard 3 now");
        gang.Residuals[0].Of(0, 0, new TreeNode(0, 3)).ToArray().ShouldAllBe(element => element == 0f);
        leaf.ShouldContain(element => element != 0f);
        gang.Dispose();
    }

    [Fact]
    public void Shards_are_committed_in_their_order_and_all_of_them()
    {
        using var memory = new VectorMemory(16, 2);
        var plan = GangPlan.Even(2, 1, VectorLayout.Plain(16));
        var coded = new CodedReduction(Codec.Bf16, new ShardAccumulator(plan, 0, memory), new Residuals(plan.Layout, 2));

        Should.Throw<ArgumentException>(() => coded.Commit(1, 0)).Message.ShouldContain("cannot commit shard 1 in bucket 0 now; the next one is 0");
        coded.Commit(0, 0);
        Should.Throw<InvalidOperationException>(() => coded.Reduce(new Alone(), 0, 0)).Message.ShouldContain("has not committed shard 1 in bucket 0");
    }

    private static ImmutableArray<ShardRange> Division(Random random, int shards)
    {
        var members = random.Next(1, Math.Min(5, shards) + 1);
        int[] ends = [.. Enumerable.Range(1, shards - 1).OrderBy(_ => random.Next()).Take(members - 1).Order(), shards];
        return [.. ends.Select((end, member) => new ShardRange(member == 0 ? 0 : ends[member - 1], end - (member == 0 ? 0 : ends[member - 1])))];
    }

    private sealed class Alone : IExchange
    {
        public void Exchange(ReadOnlySpan<ReadOnlyMemory<byte>> outgoing, ReadOnlySpan<Memory<byte>> incoming, long position)
        {
        }
    }
}
