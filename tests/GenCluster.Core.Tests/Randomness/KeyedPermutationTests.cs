using FsCheck.Xunit;
using GenCluster.Core.Randomness;

namespace GenCluster.Core.Tests.Randomness;

public sealed class KeyedPermutationTests
{
    [Fact]
    public void Every_short_length_is_permuted()
    {
        for (int length = 1; length <= 300; length++)
            ShouldBePermutation(new KeyedPermutation(length, 7, 0));
    }

    [Theory]
    [InlineData(1 << 12)]
    [InlineData((1 << 12) + 1)]
    [InlineData((1 << 13) - 1)]
    [InlineData(1 << 13)]
    [InlineData(7919)]
    [InlineData(60_000)]
    [InlineData(65_537)]
    public void Powers_of_two_their_neighbours_and_primes_are_permuted(int length) => ShouldBePermutation(new KeyedPermutation(length, 7, 3));

    [Property]
    public void Every_length_is_permuted_for_every_seed_and_epoch(ushort length, ulong seed, uint epoch) =>
        ShouldBePermutation(new KeyedPermutation(length % 2000 + 1, seed, epoch));

    /// <summary>A promise between releases: which sample is in which batch. Computed apart from this code.</summary>
    [Theory]
    [InlineData(7, 0, "6 9 7 0 1 2 5 8 4 3")]
    [InlineData(7, 1, "4 0 9 2 8 7 1 3 6 5")]
    [InlineData(8, 0, "4 5 6 9 3 2 1 8 0 7")]
    public void Order_of_a_seed_and_an_epoch_never_changes(ulong seed, uint epoch, string expected) =>
        string.Join(' ', All(new KeyedPermutation(10, seed, epoch))).ShouldBe(expected);

    [Fact]
    public void Seeds_and_epochs_have_orders_of_their_own()
    {
        (ulong Seed, uint Epoch)[] keys = [(7, 0), (7, 1), (7, 2), (8, 0), (7 + (1UL << 32), 0)];

        keys.Select(k => string.Join(' ', All(new KeyedPermutation(1000, k.Seed, k.Epoch)))).Distinct().Count().ShouldBe(keys.Length);
    }

    [Fact]
    public void An_order_looks_shuffled()
    {
        var order = All(new KeyedPermutation(10_000, 7, 0));

        order.Zip(order.Skip(1)).Count(pair => pair.Second == pair.First + 1).ShouldBeLessThan(10, "neighbours are torn apart");
        order.Take(5000).Average().ShouldBe(5000, 150, "no half stays where it was");
        order.Where((value, index) => value == index).Count().ShouldBeLessThan(10, "few stay in place");
    }

    [Fact]
    public void Lengths_far_beyond_memory_work()
    {
        var order = new KeyedPermutation(1_000_000_000_000, 7, 0);

        new[] { order[0], order[1], order[order.Length - 1] }.ShouldBe([880495653622, 62248074683, 973036353424]);
        Enumerable.Range(0, 1000).Select(i => order[i]).Distinct().Count().ShouldBe(1000);
        new KeyedPermutation(long.MaxValue, 7, 0)[long.MaxValue - 1].ShouldBeInRange(0, long.MaxValue - 1);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(10)]
    [InlineData(long.MinValue)]
    public void An_index_out_of_range_is_refused_with_the_range(long index)
    {
        var order = new KeyedPermutation(10, 7, 0);

        Should.Throw<ArgumentOutOfRangeException>(() => order[index]).Message
            .ShouldBe($"allowed are 0 to 9 (Parameter 'index')\nActual value was {index}.");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public void Nothing_cannot_be_permuted(long length) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new KeyedPermutation(length, 7, 0)).ParamName.ShouldBe("length");

    private static List<long> All(KeyedPermutation order) => [.. Enumerable.Range(0, (int)order.Length).Select(i => order[i])];

    private static void ShouldBePermutation(KeyedPermutation order)
    {
        bool[] seen = new bool[order.Length];
        for (long i = 0; i < order.Length; i++)
        {
            seen[order[i]].ShouldBeFalse();
            seen[order[i]] = true;
        }
    }
}
