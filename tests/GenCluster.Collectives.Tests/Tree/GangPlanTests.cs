using System.Collections.Immutable;
using FsCheck.Xunit;
using GenCluster.Collectives.Tests.Support;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Tests.Tree;

public sealed class GangPlanTests
{
    [Theory]
    [InlineData(4, 1, "0..3")]
    [InlineData(4, 2, "0..1 2..3")]
    [InlineData(4, 3, "0..1 2..2 3..3")]
    [InlineData(8, 3, "0..2 3..5 6..7")]
    [InlineData(1, 1, "0..0")]
    public void Divides_as_evenly_as_can_be(int shards, int members, string expected)
    {
        string.Join(' ', GangPlan.Divide(shards, members)).ShouldBe(expected);
    }

    [Theory]
    [InlineData(0, 3, "(1,0) (0,2)")]
    [InlineData(1, 7, "(0,1) (1,1) (2,1)")]
    [InlineData(3, 2, "(0,3) (0,4)")]
    [InlineData(0, 8, "(3,0)")]
    [InlineData(5, 1, "(0,5)")]
    public void Covers_a_range_with_maximal_aligned_subtrees(int first, int count, string expected)
    {
        string.Join(' ', TreeNode.Cover(new ShardRange(first, count), 8).Select(node => $"({node.Level},{node.Index})")).ShouldBe(expected);
    }

    [Fact]
    public void Numbers_nodes_like_a_heap()
    {
        new TreeNode(2, 0).NumberIn(4).ShouldBe(1);
        new TreeNode(1, 1).NumberIn(4).ShouldBe(3);
        new TreeNode(0, 3).NumberIn(4).ShouldBe(7);
        new TreeNode(1, 1).Left.ShouldBe(new TreeNode(0, 2));
        new TreeNode(1, 1).Right.ShouldBe(new TreeNode(0, 3));
    }

    [Property]
    public void Partials_of_all_members_hold_every_shard_once_in_order(int seed)
    {
        var random = new Random(seed);
        var shards = 1 << random.Next(13);
        var plan = new GangPlan(shards, Vectors.RandomDivision(random, shards, random.Next(1, Math.Min(9, shards + 1))), VectorLayout.Plain(1));

        var covered = Enumerable.Range(0, plan.Members)
            .SelectMany(member => plan.PartialsOf(member))
            .SelectMany(node => Enumerable.Range(node.FirstShard, node.Shards));

        covered.ShouldBe(Enumerable.Range(0, shards));
    }

    [Property]
    public void Slices_cover_the_vector_without_gaps_and_start_on_64_bytes(int seed)
    {
        var random = new Random(seed);
        var (length, members) = (random.Next(0, 5_000), random.Next(1, 9));
        var end = 160;

        for (var member = 0; member < members; member++)
        {
            var slice = VectorSlice.Of(new Bucket(160, length), member, members);
            slice.Start.ShouldBe(end);
            (slice.Length == 0 || slice.Start % VectorLayout.Alignment == 0).ShouldBeTrue();
            end = slice.Start + slice.Length;
        }

        end.ShouldBe(160 + length);
    }

    [Fact]
    public void Slices_and_chunks_of_the_longest_vector_do_not_overflow()
    {
        var slice = VectorSlice.Of(new Bucket(0, Array.MaxLength), 6, 7);

        var last = slice.Chunk(slice.Chunks - 1);

        (last.Start + last.Length).ShouldBe(Array.MaxLength);
        last.Length.ShouldBeInRange(1, VectorSlice.ChunkElements);
    }

    [Fact]
    public void The_hash_tells_every_part_of_a_plan_apart()
    {
        GangPlan[] plans =
        [
            Vectors.Even(4, 2, 100),
            Vectors.Even(8, 2, 100),
            Vectors.Even(4, 4, 100),
            Vectors.Even(4, 2, 101),
            Vectors.Even(4, 2, 100, 100),
            new(4, [new(0, 1), new(1, 3)], VectorLayout.Plain(100)),
            new(4, GangPlan.Divide(4, 2), new VectorLayout(128, [new Bucket(0, 100)])),
            new(4, GangPlan.Divide(4, 2), new VectorLayout(128, [new Bucket(16, 100)])),
            new(4, GangPlan.Divide(4, 2), new VectorLayout(128, [new Bucket(0, 64), new Bucket(64, 64)])),
            new(4, GangPlan.Divide(4, 2), new VectorLayout(128, [new Bucket(64, 64), new Bucket(0, 64)])),
        ];

        plans.Select(plan => Convert.ToHexString(plan.Hash.AsSpan())).Distinct().Count().ShouldBe(plans.Length);
        Vectors.Even(4, 2, 100).Hash.ShouldBe(plans[0].Hash);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(0)]
    [InlineData(-4)]
    [InlineData(8192)]
    public void Rejects_shards_that_are_no_power_of_two_up_to_4096(int shards)
    {
        var error = Should.Throw<ArgumentException>(() => Vectors.Even(shards, 1, 10));

        error.Message.ShouldStartWith($"{shards} shards cannot be summed in a full binary tree; use a power of two from 1 to 4096");
    }

    [Fact]
    public void Rejects_more_members_than_shards()
    {
        var error = Should.Throw<ArgumentException>(() => GangPlan.Divide(4, 5));

        error.Message.ShouldStartWith("cannot divide 4 shards among 5 members; every member needs at least one shard, so use 1 to 4 members");
    }

    [Fact]
    public void Rejects_ranges_with_a_gap_an_overlap_an_empty_member_or_a_missing_end()
    {
        Rejects([new(0, 1), new(2, 2)], "member 1 has 2 shards from 2 on; it must have at least one, start at shard 1 and stay within 4 shards");
        Rejects([new(0, 3), new(2, 2)], "member 1 has 2 shards from 2 on; it must have at least one, start at shard 3 and stay within 4 shards");
        Rejects([new(0, 4), new(4, 0)], "member 1 has 0 shards from 4 on; it must have at least one, start at shard 4 and stay within 4 shards");
        Rejects([new(0, 2), new(2, int.MaxValue)], "member 1 has 2147483647 shards from 2 on; it must have at least one, start at shard 2 and stay within 4 shards");
        Rejects([new(0, 2), new(2, 1)], "the members' ranges end at shard 3 of 4; together they must hold every shard");
        Rejects([], "a gang has no members; give at least one range of shards");

        static void Rejects(ImmutableArray<ShardRange> ranges, string message) =>
            Should.Throw<ArgumentException>(() => new GangPlan(4, ranges, VectorLayout.Plain(10))).Message.ShouldStartWith(message);
    }
}
