using FsCheck.Xunit;
using GenCluster.Core.Randomness;

namespace GenCluster.Core.Tests.Randomness;

public sealed class RandomStreamTests
{
    private static readonly StreamAddress Search = new(StreamPurpose.Search, 1);

    /// <summary>A promise between releases: the same sweep file gives the same results. Computed apart from this code.</summary>
    [Theory]
    [InlineData(0, StreamPurpose.Initialization, 0, 0, 0, "6627e8d5 e169c58d bc57ac4c 9b00dbd8 f8e4cca4 5cb200db")]
    [InlineData(7, StreamPurpose.Training, 3, 1, 2, "7c80143d 8b8075d9 9319303e 4e9737cf f64d10e2 02570217")]
    [InlineData(ulong.MaxValue, StreamPurpose.Search, uint.MaxValue, 255, 65535, "b53077c9 18827463 f6252eeb e03b627e 08733b8a 4546225b")]
    public void Words_of_a_stream_never_change(ulong seed, StreamPurpose purpose, uint step, byte phase, ushort shard, string expected)
    {
        var stream = new RandomStream(seed, new StreamAddress(purpose, step, phase, shard));

        string.Join(' ', Enumerable.Range(0, 6).Select(_ => $"{stream.NextUInt32():x8}")).ShouldBe(expected);
    }

    [Fact]
    public void Values_made_of_words_never_change()
    {
        var doubles = new RandomStream(7, Search);
        var dice = new RandomStream(7, Search);
        var large = new RandomStream(7, Search);

        Take(3, doubles.NextDouble).ShouldBe([0.21573397747008516, 0.7813032839967424, 0.9794109057806727]);
        Take(12, () => dice.NextInt(10)).ShouldBe([8, 2, 0, 7, 6, 9, 0, 1, 5, 5, 7, 5]);
        Take(6, () => large.NextInt(3 << 29)).ShouldBe([1401260463, 347463891, 37703414, 1258377019, 1085112849, 1577451678]);
    }

    [Fact]
    public void Numbers_of_purposes_never_change()
    {
        Enum.GetValues<StreamPurpose>().Select(p => $"{(int)p} {p}")
            .ShouldBe(["0 Initialization", "1 Training", "2 Dropout", "3 DataOrder", "4 Evaluation", "5 Search", "6 Samples"]);
    }

    [Property]
    public void Equal_addresses_give_equal_numbers(ulong seed, uint step, byte phase, ushort shard)
    {
        var address = new StreamAddress(StreamPurpose.Training, step, phase, shard);

        Take(9, new RandomStream(seed, address).NextUInt32).ShouldBe(Take(9, new RandomStream(seed, address).NextUInt32));
    }

    [Fact]
    public void Neighbouring_addresses_and_seeds_share_no_number()
    {
        StreamAddress[] addresses =
        [
            new(StreamPurpose.Training), new(StreamPurpose.Dropout), new(StreamPurpose.Training, Step: 1),
            new(StreamPurpose.Training, Phase: 1), new(StreamPurpose.Training, Shard: 1), new(StreamPurpose.Training, Shard: 256),
        ];
        RandomStream[] streams =
        [
            .. addresses.Select(a => new RandomStream(7, a)),
            new RandomStream(8, addresses[0]), new RandomStream(7 + (1UL << 32), addresses[0]),
        ];

        var numbers = streams.SelectMany(s => Take(100, s.NextUInt64)).ToList();

        numbers.Distinct().Count().ShouldBe(numbers.Count);
    }

    [Property]
    public void Whole_numbers_lie_below_the_bound(int seed)
    {
        int bound = new Random(seed).Next(1, int.MaxValue);
        var stream = new RandomStream((ulong)seed, Search);

        Take(50, () => stream.NextInt(bound)).ShouldAllBe(n => n >= 0 && n < bound);
    }

    [Fact]
    public void Whole_numbers_are_equally_likely()
    {
        var stream = new RandomStream(1, Search);
        int[] counts = [.. Take(100_000, () => stream.NextInt(10)).CountBy(n => n).OrderBy(c => c.Key).Select(c => c.Value)];

        counts.Length.ShouldBe(10);
        counts.Sum(c => Math.Pow(c - 10_000, 2) / 10_000).ShouldBeLessThan(27.9, "chi-squared with 9 degrees of freedom, one in a thousand");
    }

    [Fact]
    public void Whole_numbers_are_equally_likely_where_words_do_not_divide_evenly()
    {
        // 2^32 words on 1.5 * 2^30 numbers: without rejection every third number would come up less often, 25 % for 33 %.
        var stream = new RandomStream(1, Search);
        int[] counts = new int[3];
        foreach (int number in Take(30_000, () => stream.NextInt(3 << 29)))
            counts[number % 3]++;

        counts.ShouldAllBe(c => Math.Abs(c - 10_000) < 300);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void A_bound_below_one_is_refused(int bound)
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new RandomStream(0, default).NextInt(bound)).ParamName.ShouldBe("bound");
    }

    [Fact]
    public void A_bound_of_one_leaves_zero() => new RandomStream(0, default).NextInt(1).ShouldBe(0);

    [Fact]
    public void Uniform_numbers_fill_the_unit_interval_evenly()
    {
        float[] values = new float[100_000];
        new RandomStream(3, Search).FillUniform(values);

        values.ShouldAllBe(v => v >= 0 && v < 1);
        values.Average(v => (double)v).ShouldBe(0.5, 0.005);
        values.Average(v => Math.Pow(v - 0.5, 2)).ShouldBe(1.0 / 12, 0.002);
    }

    [Fact]
    public void Normal_numbers_have_the_moments_of_the_normal_distribution()
    {
        float[] values = new float[200_000];
        new RandomStream(3, Search).FillNormal(values);

        values.ShouldAllBe(v => float.IsFinite(v));
        values.Average(v => (double)v).ShouldBe(0, 0.01);
        values.Average(v => Math.Pow(v, 2)).ShouldBe(1, 0.02);
        values.Average(v => Math.Pow(v, 3)).ShouldBe(0, 0.04);
        values.Average(v => Math.Pow(v, 4)).ShouldBe(3, 0.1);
        values.Chunk(2).Average(pair => (double)pair[0] * pair[1]).ShouldBe(0, 0.01, "the two numbers of a pair are independent");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public void An_odd_length_is_the_beginning_of_an_even_one(int length)
    {
        float[] odd = new float[length], even = new float[length + 1];

        new RandomStream(3, Search).FillNormal(odd);
        new RandomStream(3, Search).FillNormal(even);

        odd.ShouldBe(even[..length]);
    }

    private static List<T> Take<T>(int count, Func<T> next) => [.. Enumerable.Range(0, count).Select(_ => next())];
}
