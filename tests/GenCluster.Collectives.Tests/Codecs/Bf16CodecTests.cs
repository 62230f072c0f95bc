using FsCheck.Xunit;
using GenCluster.Collectives.Codecs;

namespace GenCluster.Collectives.Tests.Codecs;

public sealed class Bf16CodecTests
{
    [Theory]
    [InlineData(0x3f80_0000u, 0x3f80u)] // 1
    [InlineData(0x8000_0000u, 0x8000u)] // -0
    [InlineData(0x3f80_7fffu, 0x3f80u)] // just below the middle
    [InlineData(0x3f80_8000u, 0x3f80u)] // the middle: to even, down
    [InlineData(0x3f81_8000u, 0x3f82u)] // the middle: to even, up
    [InlineData(0x3f80_8001u, 0x3f81u)] // just above it
    [InlineData(0x3fff_ffffu, 0x4000u)] // the carry goes into the exponent
    [InlineData(0xbf80_8001u, 0xbf81u)] // signs do not matter
    [InlineData(0x0000_0001u, 0x0000u)] // a denormal
    [InlineData(0x7f7f_7fffu, 0x7f7fu)] // the largest that stays finite
    [InlineData(0x7f7f_ffffu, 0x7f80u)] // the largest float is nearer to infinity
    [InlineData(0x7f80_0000u, 0x7f80u)] // infinities
    [InlineData(0xff80_0000u, 0xff80u)]
    [InlineData(0x7fc0_0000u, 0x7fc0u)] // NaN
    [InlineData(0x7f80_0001u, 0x7fc0u)] // a NaN whose payload would be lost
    [InlineData(0xffff_ffffu, 0xffffu)]
    public void Rounds_to_nearest_even_and_keeps_what_is_not_finite(uint bits, uint code)
    {
        var many = new float[67];
        Array.Fill(many, BitConverter.UInt32BitsToSingle(bits));

        var encoded = Codec.Bf16.Encoded(many);

        for (var i = 0; i < many.Length; i++)
        {
            BitConverter.ToUInt16(encoded, 2 * i).ShouldBe((ushort)code, $"element {i}, in a register or in the rest");
        }

        BitConverter.ToUInt16(encoded, 2 * many.Length).ShouldBe((ushort)0, "filled up to whole words");
    }

    [Fact]
    public void Every_code_comes_back_from_its_value_but_for_signalling_NaN()
    {
        float[] values = [.. Enumerable.Range(0, 1 << 16).Select(code => BitConverter.UInt32BitsToSingle((uint)code << 16))];

        var codes = Codec.Bf16.Encoded(values);

        for (var code = 0; code < 1 << 16; code++)
        {
            BitConverter.ToUInt16(codes, 2 * code).ShouldBe((ushort)(float.IsNaN(values[code]) ? code | 0x40 : code));
        }
    }

    [Property(MaxTest = 50)]
    public void Errs_by_at_most_a_256th(int seed)
    {
        var vector = Gradients.Drawn(seed, 1_000);

        var decoded = Codec.Bf16.RoundTrip(vector);

        for (var i = 0; i < vector.Length; i++)
        {
            Math.Abs((double)decoded[i] - vector[i]).ShouldBeLessThanOrEqualTo(Math.Abs((double)vector[i]) / 256);
        }
    }
}
