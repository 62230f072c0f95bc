using FsCheck.Xunit;
using GenCluster.Collectives.Codecs;

namespace GenCluster.Collectives.Tests.Codecs;

public sealed class TopKCodecTests
{
    private static readonly ICodec Quarter = Codec.TopK(0.25);

    [Fact]
    public void Keeps_the_largest_magnitudes_where_they_were()
    {
        Quarter.RoundTrip([1f, -5f, 2f, 0f, 4f, -3f, 0.5f, 1f]).ShouldBe([0f, -5f, 0f, 0f, 4f, 0f, 0f, 0f]);
    }

    [Fact]
    public void Of_equal_magnitudes_the_first_are_kept()
    {
        Quarter.RoundTrip([1f, 2f, -2f, 2f, 0f, 2f, 1f, 0f]).ShouldBe([0f, 2f, -2f, 0f, 0f, 0f, 0f, 0f]);
        Quarter.Encoded(new float[8])[8..].ShouldBe<byte>([0, 0, 1, 0]);
    }

    [Fact]
    public void NaN_is_larger_than_infinity_and_that_than_any_number()
    {
        Quarter.RoundTrip([float.MaxValue, float.NegativeInfinity, 1f, float.NaN, 2f, 3f, 4f, 5f])
            .ShouldBe([0f, float.NegativeInfinity, 0f, float.NaN, 0f, 0f, 0f, 0f]);
    }

    [Fact]
    public void A_short_rest_keeps_at_least_one()
    {
        Codec.TopK(0.01).RoundTrip([1f, 3f, 2f]).ShouldBe([0f, 3f, 0f]);
    }

    [Property(MaxTest = 200)]
    public void Selects_what_sorting_would_select(int seed)
    {
        var random = new Random(seed);
        var ratio = (random.NextDouble() * 0.499) + 0.001;
        var length = random.Next(1, Codec.BlockElements + 1);
        float[] vector = random.Next(2) == 0
            ? Gradients.Wild(seed, length)
            : [.. Enumerable.Range(0, length).Select(_ => (float)random.Next(-4, 5))];
        var kept = Math.Max(1, (int)Math.Round(ratio * length, MidpointRounding.ToEven));

        var expected = new float[length];
        foreach (var i in Enumerable.Range(0, length).OrderByDescending(i => BitConverter.SingleToUInt32Bits(vector[i]) & 0x7fff_ffff).ThenBy(i => i).Take(kept))
        {
            expected[i] = vector[i];
        }

        Codec.TopK(ratio).RoundTrip(vector).Bits().ShouldBe(expected.Bits());
    }

    [Theory]
    [InlineData(8, 0, "names place 8 after -1 in a block of 8")]
    [InlineData(3, 3, "names place 3 after 3 in a block of 8")]
    [InlineData(5, 2, "names place 2 after 5 in a block of 8")]
    public void A_code_with_impossible_places_is_refused(byte first, byte second, string said)
    {
        var code = Quarter.Encoded(new float[8]);
        (code[8], code[10]) = (first, second);

        Should.Throw<InvalidDataException>(() => Quarter.Decoded(code, 8)).Message.ShouldContain(said);
    }
}
