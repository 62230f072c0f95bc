using System.Collections.Immutable;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Tests.Tree;

public sealed class VectorLayoutTests
{
    [Fact]
    public void A_plain_layout_has_one_bucket_for_each_phase_and_room_for_the_longest()
    {
        var layout = VectorLayout.Plain(70, 0, 1000);

        layout.Capacity.ShouldBe(1000);
        layout.Phases.Select(phase => phase.ShouldHaveSingleItem()).ShouldBe([new Bucket(0, 70), new Bucket(0, 0), new Bucket(0, 1000)]);
    }

    [Fact]
    public void Buckets_of_a_phase_may_come_in_any_order_and_those_of_two_phases_may_overlap()
    {
        var layout = new VectorLayout(128, [new Bucket(64, 40), new Bucket(0, 50)], [new Bucket(0, 128)]);

        layout.Phases[0].ShouldBe([new Bucket(64, 40), new Bucket(0, 50)]);
    }

    [Fact]
    public void Rejects_buckets_that_do_not_lie_well()
    {
        Rejects([new Bucket(8, 8)], "phase 0 has a bucket of 8 elements from 8 on; it must start on a multiple of 16 and lie within the slot's 64 elements");
        Rejects([new Bucket(16, 49)], "phase 0 has a bucket of 49 elements from 16 on; it must start on a multiple of 16");
        Rejects([new Bucket(int.MaxValue - 15, 32)], "phase 0 has a bucket of 32 elements from 2147483632 on");
        Rejects([new Bucket(0, -1)], "phase 0 has a bucket of -1 elements from 0 on");
        Rejects([new Bucket(16, 16), new Bucket(0, 17)], "phase 0 has a bucket from 16 on, where another one goes on to 17; buckets of a phase must not overlap");
        Rejects([], "phase 0 has no bucket");
        Should.Throw<ArgumentException>(() => VectorLayout.Plain()).Message.ShouldStartWith("a layout without a phase reduces nothing");
        Should.Throw<ArgumentException>(() => VectorLayout.Plain(-1)).Message.ShouldStartWith("phase 0 has a bucket of -1 elements");
        Should.Throw<ArgumentException>(() => new VectorLayout(-1, [new Bucket(0, 0)])).Message.ShouldStartWith("a slot of -1 elements is impossible");

        static void Rejects(ImmutableArray<Bucket> buckets, string message) =>
            Should.Throw<ArgumentException>(() => new VectorLayout(64, buckets)).Message.ShouldStartWith(message);
    }
}
