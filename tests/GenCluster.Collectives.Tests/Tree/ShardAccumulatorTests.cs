using FsCheck.Xunit;
using GenCluster.Collectives.Memory;
using GenCluster.Collectives.Tests.Support;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Tests.Tree;

public sealed class ShardAccumulatorTests
{
    private static readonly VectorLayout TwoBuckets = new(48, [new Bucket(16, 20), new Bucket(0, 5)]);

    [Property(MaxTest = 50)]
    public void Every_partial_is_the_tree_sum_of_its_shards(int seed)
    {
        var random = new Random(seed);
        var shards = 1 << random.Next(7);
        var plan = new GangPlan(shards, Vectors.RandomDivision(random, shards, random.Next(1, Math.Min(9, shards + 1))), VectorLayout.Plain(random.Next(40)));
        using var memory = new VectorMemory(plan.Layout.Capacity, shards);

        for (var member = 0; member < plan.Members; member++)
        {
            var vectors = Vectors.Filled(plan, member, memory, seed);

            foreach (var (i, node) in plan.PartialsOf(member).Index())
            {
                var expected = Vectors.TreeSum([.. Enumerable.Range(node.FirstShard, node.Shards).Select(shard => Vectors.OfShard(seed, 0, shard, plan.Layout.Capacity))]);
                vectors.Partial(i, 0).ToArray().ShouldBeBitwise(expected);
            }
        }
    }

    [Property(MaxTest = 200)]
    public void Any_division_finds_room_and_leaves_the_last_partial_in_slot_0(int seed)
    {
        var random = new Random(seed);
        var shards = 1 << random.Next(13);
        var plan = new GangPlan(shards, Vectors.RandomDivision(random, shards, random.Next(1, Math.Min(65, shards + 1))), VectorLayout.Plain(1));

        for (var member = 0; member < plan.Members; member++)
        {
            var slots = new SlotSchedule(plan, member).PartialSlots;

            slots.Distinct().Count().ShouldBe(slots.Length);
            slots[^1].ShouldBe(0);
            slots.ShouldAllBe(slot => slot < SlotSchedule.MostSlots(shards));
        }
    }

    [Fact]
    public void A_member_with_one_shard_copies_nothing()
    {
        var plan = Vectors.Even(4, 4, 8);

        new SlotSchedule(plan, 2).After(2).ShouldBeEmpty();
    }

    [Fact]
    public void Touches_no_more_than_one_slot_for_each_level_beside_slot_0()
    {
        var schedule = new SlotSchedule(Vectors.Even(1024, 1, 8), 0);

        var slots = Enumerable.Range(0, 1024).SelectMany(shard => schedule.After(shard).Select(move => move.Into)).Where(slot => slot > 0).Distinct();

        slots.Count().ShouldBe(10);
    }

    [Fact]
    public void Buckets_can_be_committed_one_by_one_and_the_rest_together()
    {
        var plan = GangPlan.Even(2, 1, TwoBuckets);
        using var memory = new VectorMemory(48, 2);
        var vectors = new ShardAccumulator(plan, 0, memory);

        vectors.Vector[16] = 1;
        vectors.Commit(0, 0);
        vectors.Vector[0] = 10;
        vectors.Commit(0);
        vectors.Vector[16] = 2;
        vectors.Vector[0] = 20;
        vectors.Commit(1, 1);
        (vectors.Has(0), vectors.Has(1), vectors.IsComplete).ShouldBe((false, true, false));
        vectors.Commit(1);

        vectors.IsComplete.ShouldBeTrue();
        (vectors.Vector[16], vectors.Vector[0]).ShouldBe((3, 30));
    }

    [Fact]
    public void Keeps_the_sign_of_a_zero_and_spreads_not_a_number()
    {
        var plan = Vectors.Even(2, 1, 2);
        using var memory = new VectorMemory(2, 2);
        var vectors = new ShardAccumulator(plan, 0, memory);

        (vectors.Vector[0], vectors.Vector[1]) = (-0f, float.NaN);
        vectors.Commit(0);
        (vectors.Vector[0], vectors.Vector[1]) = (-0f, 1);
        vectors.Commit(1);

        float.IsNegative(vectors.Vector[0]).ShouldBeTrue();
        float.IsNaN(vectors.Vector[1]).ShouldBeTrue();
    }

    [Fact]
    public void Refuses_a_shard_out_of_turn()
    {
        var plan = Vectors.Even(4, 2, 3, 5);
        using var memory = new VectorMemory(5, 4);
        var vectors = new ShardAccumulator(plan, 1, memory);

        Should.Throw<ArgumentException>(() => vectors.Commit(3)).Message
            .ShouldStartWith("member 1 with shards 2..3 cannot commit shard 3 in bucket 0 now; commit shard 2 next");
        vectors.Commit(2);
        Should.Throw<InvalidOperationException>(() => vectors.Partial(0, 0).Length).Message
            .ShouldBe("partial 0 of member 1 is not complete: shard 3 of 2..3 has not been committed in bucket 0");
        vectors.Commit(3);
        Should.Throw<ArgumentException>(() => vectors.Commit(2)).Message.ShouldContain("call Begin before the next step");
        vectors.Begin(1);
        vectors.Commit(2);
    }

    [Fact]
    public void Refuses_memory_that_is_too_small_for_the_plan()
    {
        using var memory = new VectorMemory(4, 4);

        Should.Throw<ArgumentException>(() => new ShardAccumulator(Vectors.Even(4, 2, 5), 0, memory)).Message
            .ShouldStartWith("the memory has 6 slots of 4 elements; this plan of 4 shards needs 6 of 5");
        Should.Throw<ArgumentException>(() => new ShardAccumulator(Vectors.Even(8, 2, 4), 0, memory)).Message
            .ShouldStartWith("the memory has 6 slots of 4 elements; this plan of 8 shards needs 8 of 4");
    }
}
