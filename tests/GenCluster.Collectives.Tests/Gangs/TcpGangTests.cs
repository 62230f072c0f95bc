using System.Runtime.InteropServices;
using GenCluster.Collectives.Frames;
using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Tests.Support;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Tests.Gangs;

public sealed class TcpGangTests
{
    [Theory]
    [InlineData(1, 4, 1000)]
    [InlineData(2, 2, 0)]
    [InlineData(2, 4, 1)]
    [InlineData(2, 2, 33)]
    [InlineData(3, 4, 1001)]
    [InlineData(4, 8, 17)]
    [InlineData(5, 8, 400_003)]
    [InlineData(5, 64, 1)]
    public async Task Every_member_gets_the_tree_sum(int members, int shards, int length)
    {
        using var gang = await Loopback.JoinedAsync(GangPlan.Even(shards, members, length));

        for (var step = 0; step < 3; step++)
        {
            var results = await gang.AllReduceAsync(seed: 11, _ => step);

            var expected = Vectors.ExpectedSum(11, step, shards, length);
            results.ShouldAllBe(result => result.Broken == null);
            Array.ForEach(results, result => result.Sum.ShouldBeBitwise(expected));
        }
    }

    [Fact]
    public async Task An_uneven_division_gives_the_same_bits()
    {
        using var gang = await Loopback.JoinedAsync(new GangPlan(16, [new(0, 1), new(1, 9), new(10, 6)], 5000));

        var results = await gang.AllReduceAsync(seed: 12);

        Array.ForEach(results, result => result.Sum.ShouldBeBitwise(Vectors.ExpectedSum(12, 0, 16, 5000)));
    }

    [Fact]
    public async Task Vectors_far_larger_than_all_socket_buffers_do_not_lock_it()
    {
        const int Length = (8 << 20) + 5;
        using var gang = await Loopback.JoinedAsync(GangPlan.Even(2, 2, Length));

        var results = await gang.AllReduceAsync(seed: 13);

        results[0].Broken.ShouldBeNull();
        results[0].Sum.ShouldBeBitwise(Vectors.ExpectedSum(13, 0, 2, Length));
        results[1].Sum.ShouldBeBitwise(results[0].Sum);
    }

    [Fact]
    public async Task Phases_have_vectors_of_their_own_lengths()
    {
        using var gang = await Loopback.JoinedAsync(GangPlan.Even(4, 2, 1000, 70, 0));

        for (var phase = 2; phase >= 0; phase--)
        {
            var results = await gang.AllReduceAsync(14, _ => 1, _ => phase);
            results[1].Sum.ShouldBeBitwise(Vectors.ExpectedSum(14, 1, 4, gang.Plan.Lengths[phase]));
        }
    }

    [Fact]
    public async Task Sums_into_native_memory()
    {
        using var gang = await Loopback.JoinedAsync(GangPlan.Even(2, 2, 1000));

        var sums = await Task.WhenAll(gang.Gangs.Select(member => Loopback.OnOwnThread(() => Reduce(member)))).WaitAsync(Loopback.Patience);

        Array.ForEach(sums, sum => sum.ShouldBeBitwise(Vectors.ExpectedSum(15, 0, 2, 1000)));

        static unsafe float[] Reduce(IGang gang)
        {
            var memory = NativeMemory.AlignedAlloc(4000, 64);
            try
            {
                var sum = new Span<float>(memory, 1000);
                gang.AllReduce(Vectors.Gradients(gang.Plan, gang.Member, 15), sum, 0);
                return sum.ToArray();
            }
            finally
            {
                NativeMemory.AlignedFree(memory);
            }
        }
    }

    [Fact]
    public async Task A_step_allocates_next_to_nothing()
    {
        using var gang = await Loopback.JoinedAsync(GangPlan.Even(2, 2, 200_000));

        var allocated = await Task.WhenAll(gang.Gangs.Select(member => Loopback.OnOwnThread(() => Measure(member)))).WaitAsync(Loopback.Patience);

        allocated.ShouldAllBe(bytes => bytes < 10 * 1024, $"ten steps allocated {string.Join(" and ", allocated)} bytes");

        static long Measure(IGang gang)
        {
            var gradients = Vectors.Gradients(gang.Plan, gang.Member, seed: 1);
            var sum = new float[200_000];
            var before = 0L;
            for (var step = 0; step < 15; step++)
            {
                if (step == 5)
                {
                    before = GC.GetAllocatedBytesForCurrentThread();
                }

                gang.AllReduce(gradients, sum, step);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public async Task Counts_the_bytes_of_payloads_and_headers()
    {
        using var gang = await Loopback.JoinedAsync(GangPlan.Even(2, 2, 64));

        await gang.AllReduceAsync(seed: 1);

        const int EachWay = 2 * (FrameHeader.Size + (32 * sizeof(float)));
        gang.Listeners.ShouldAllBe(listener => listener.Counters.BytesSent == EachWay && listener.Counters.BytesReceived == EachWay);
    }

    [Fact]
    public async Task Refuses_arguments_before_a_byte_is_sent_and_lives_on()
    {
        using var gang = await Loopback.JoinedAsync(GangPlan.Even(2, 2, 64));

        Should.Throw<ArgumentException>(() => gang.Gangs[0].AllReduce(Vectors.Gradients(gang.Plan, 1, 1), new float[64], 0));
        var results = await gang.AllReduceAsync(seed: 1);

        results.ShouldAllBe(result => result.Broken == null);
    }
}
