using FsCheck.Xunit;
using GenCluster.Collectives.Codecs;

namespace GenCluster.Collectives.Tests.Codecs;

/// <summary>What every codec keeps to.</summary>
public sealed class CodecTests
{
    public static TheoryData<string> All => Gradients.AllCodecs;

    [Theory]
    [InlineData("none", 0, 0)]
    [InlineData("none", 5, 20)]
    [InlineData("bf16", 1, 4)]
    [InlineData("bf16", 4096, 8192)]
    [InlineData("bf16", 4099, 8192 + 8)]
    [InlineData("int8", 1, 4 + 4)]
    [InlineData("int8", 257, 8 + 260)]
    [InlineData("int8", 4096, 64 + 4096)]
    [InlineData("int8", 8200, 2 * (64 + 4096) + 4 + 8)]
    [InlineData("top-k 0.01", 1, 4 + 4)]
    [InlineData("top-k 0.01", 4096, 41 * 4 + 84)]
    [InlineData("top-k 0.01", 4096 + 300, 41 * 4 + 84 + 3 * 4 + 8)]
    [InlineData("top-k 0.5", 4096, 2048 * 6)]
    public void The_length_of_a_code_follows_from_the_number_of_elements(string codec, int elements, int bytes)
    {
        Gradients.CodecOf(codec).EncodedBytes(elements).ShouldBe(bytes);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Lengths_are_whole_words_and_never_more_than_the_elements_need_themselves(string name)
    {
        var codec = Gradients.CodecOf(name);

        foreach (var elements in Enumerable.Range(3, 600).Concat([4095, 4096, 4097, 1_000_003]))
        {
            (codec.EncodedBytes(elements) % 4).ShouldBe(0);
            codec.EncodedBytes(elements).ShouldBeLessThanOrEqualTo(4 * elements);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_slice_that_starts_on_a_block_has_a_slice_of_the_code(string name)
    {
        var codec = Gradients.CodecOf(name);
        var vector = Gradients.Drawn(1, (3 * Codec.BlockElements) + 77);

        var encoded = codec.Encoded(vector);

        for (var start = 0; start < vector.Length; start += Codec.BlockElements)
        {
            encoded.AsSpan(codec.EncodedBytes(start)).ToArray().ShouldBe(codec.Encoded(vector.AsSpan(start)));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void What_has_been_decoded_is_encoded_without_a_further_loss(string name)
    {
        var codec = Gradients.CodecOf(name);
        var once = codec.RoundTrip(Gradients.Drawn(2, 5_000));

        codec.RoundTrip(once).Bits().ShouldBe(once.Bits());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Zeros_stay_zeros_and_nothing_stays_nothing(string name)
    {
        var codec = Gradients.CodecOf(name);

        codec.RoundTrip(new float[4_500]).Bits().ShouldAllBe(bits => bits == 0);
        codec.Encoded([]).ShouldBeEmpty();
    }

    [Property(MaxTest = 60)]
    public void Any_bits_can_be_encoded_and_a_value_that_is_not_finite_is_seen_on_the_other_side(int seed)
    {
        var random = new Random(seed);
        foreach (string name in Gradients.AllCodecs.Select(row => row.Data))
        {
            var codec = Gradients.CodecOf(name);
            var vector = Gradients.Wild(seed, random.Next(1, 600));

            var decoded = codec.RoundTrip(vector);

            decoded.All(float.IsFinite).ShouldBe(vector.All(float.IsFinite) && decoded.All(float.IsFinite));
            codec.Encoded(vector).ShouldBe(codec.Encoded(vector));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Wrong_lengths_are_refused_with_the_right_ones(string name)
    {
        var codec = Gradients.CodecOf(name);
        var right = codec.EncodedBytes(100);

        Should.Throw<ArgumentException>(() => codec.Encode(new float[100], new byte[right + 4]))
            .Message.ShouldBe($"the code of 100 elements by {name} has {right} bytes, not {right + 4}");
        Should.Throw<ArgumentException>(() => codec.Decode(new byte[right - 4], new float[100]));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Nothing_is_allocated(string name)
    {
        var codec = Gradients.CodecOf(name);
        var (vector, residual) = (Gradients.Drawn(3, 10_000), new float[10_000]);
        var encoded = new byte[codec.EncodedBytes(vector.Length)];
        Work();

        var before = GC.GetAllocatedBytesForCurrentThread();
        Work();

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void Work()
        {
            codec.Encode(vector, encoded);
            codec.Decode(encoded, vector);
            CodedNode.Encode(codec, vector, residual, encoded);
            CodedNode.Round(codec, vector, residual);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-0.1)]
    [InlineData(0.51)]
    [InlineData(double.NaN)]
    public void Top_k_needs_a_part_of_the_elements(double ratio)
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Codec.TopK(ratio)).Message.ShouldContain("above 0 and at most 0.5");
    }
}
