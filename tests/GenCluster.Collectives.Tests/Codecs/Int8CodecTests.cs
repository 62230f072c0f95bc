using FsCheck.Xunit;
using GenCluster.Collectives.Codecs;

namespace GenCluster.Collectives.Tests.Codecs;

public sealed class Int8CodecTests
{
    [Fact]
    public void Stores_a_scale_and_multiples_of_it_rounded_to_even()
    {
        var encoded = Codec.Int8.Encoded([254f, -254f, 1f, 3f, 2.5f, -0f]);

        BitConverter.ToSingle(encoded, 0).ShouldBe(2f);
        encoded[4..].Select(code => (sbyte)code).ShouldBe([127, -127, 0, 2, 1, 0, 0, 0], "0.5 and 1.5 are ties; the last two fill up a word");
        Codec.Int8.RoundTrip([254f, -254f, 1f, 3f, 2.5f, -0f]).ShouldBe([254f, -254f, 0f, 4f, 2f, 0f]);
    }

    [Fact]
    public void Neighbours_beyond_256_elements_have_a_scale_of_their_own()
    {
        var vector = new float[300];
        (vector[255], vector[256]) = (1000f, 1f);

        var decoded = Codec.Int8.RoundTrip(vector);

        (decoded[255], decoded[256]).ShouldBe((1000f, 1f));
    }

    [Property(MaxTest = 50)]
    public void Errs_by_at_most_half_a_scale(int seed)
    {
        var vector = Gradients.Drawn(seed, new Random(seed).Next(1, 1_000));

        var decoded = Codec.Int8.RoundTrip(vector);

        foreach (var group in vector.Zip(decoded).Chunk(256))
        {
            var scale = (double)(group.Max(pair => Math.Abs(pair.First)) / 127);
            group.ShouldAllBe(pair => Math.Abs((double)pair.Second - pair.First) <= (scale / 2 * 1.0001) + float.Epsilon);
        }
    }

    [Property(MaxTest = 50)]
    public void A_value_in_a_register_has_the_code_that_it_has_in_the_rest(int seed)
    {
        var vector = Gradients.Drawn(seed, 256);
        var last = vector.Max(Math.Abs);
        vector[255] = last;

        var whole = Codec.Int8.Encoded(vector);

        for (var i = 0; i < vector.Length; i++)
        {
            Codec.Int8.Encoded([vector[i], last])[4].ShouldBe(whole[4 + i]);
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_group_with_a_value_that_is_not_finite_is_lost_and_says_so(float value)
    {
        var vector = Gradients.Drawn(5, 600);
        vector[300] = value;

        var decoded = Codec.Int8.RoundTrip(vector);

        decoded[..256].ShouldAllBe(element => float.IsFinite(element));
        decoded[256..512].ShouldAllBe(element => float.IsNaN(element));
        decoded[512..].ShouldAllBe(element => float.IsFinite(element));
    }

    [Fact]
    public void The_smallest_and_the_largest_numbers_there_are_do_no_harm()
    {
        Codec.Int8.RoundTrip([63 * float.Epsilon, -float.Epsilon]).ShouldBe([0f, 0f], "a 127th of them is nothing");
        Codec.Int8.RoundTrip([190 * float.Epsilon]).ShouldBe([127 * float.Epsilon], "the scale is one, and no multiple exceeds 127");
        Codec.Int8.RoundTrip([float.MaxValue, -float.MaxValue]).ShouldAllBe(element => Math.Abs(element) > 3.4e38f);
    }
}
