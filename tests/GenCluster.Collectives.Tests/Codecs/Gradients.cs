using GenCluster.Collectives.Codecs;

namespace GenCluster.Collectives.Tests.Codecs;

/// <summary>Vectors for codecs, and their bits.</summary>
internal static class Gradients
{
    public static TheoryData<string> AllCodecs => ["none", "bf16", "int8", "top-k 0.01", "top-k 0.5"];

    public static ICodec CodecOf(string name) => name switch
    {
        "none" => Codec.None,
        "bf16" => Codec.Bf16,
        "int8" => Codec.Int8,
        "top-k 0.01" => Codec.TopK(0.01),
        _ => Codec.TopK(0.5),
    };

    /// <summary>Normally distributed, as gradients nearly are, with a scale that drifts along the vector as it does from layer to layer.</summary>
    public static float[] Drawn(int seed, int length)
    {
        var random = new Random(seed);
        var vector = new float[length];
        for (var i = 0; i < length; i++)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            vector[i] = (float)(normal * Math.Pow(10, -6.0 * i / length));
        }

        return vector;
    }

    /// <summary>Any bits at all, with many zeros of both signs, infinities, NaN, denormals and equal magnitudes.</summary>
    public static float[] Wild(int seed, int length)
    {
        var random = new Random(seed);
        float[] special = [0f, -0f, 1f, -1f, float.PositiveInfinity, float.NegativeInfinity, float.NaN, float.Epsilon, float.MaxValue, 1e-40f];
        return [.. Enumerable.Range(0, length).Select(_ => random.Next(3) == 0 ? special[random.Next(special.Length)] : BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue)))];
    }

    public static byte[] Encoded(this ICodec codec, ReadOnlySpan<float> vector)
    {
        var encoded = new byte[codec.EncodedBytes(vector.Length)];
        codec.Encode(vector, encoded);
        return encoded;
    }

    public static float[] Decoded(this ICodec codec, ReadOnlySpan<byte> encoded, int length)
    {
        var vector = new float[length];
        Array.Fill(vector, float.NaN); // whatever was there before must not show
        codec.Decode(encoded, vector);
        return vector;
    }

    public static float[] RoundTrip(this ICodec codec, ReadOnlySpan<float> vector) => codec.Decoded(codec.Encoded(vector), vector.Length);

    /// <summary>So that 0 is not -0 and NaN is equal to itself.</summary>
    public static uint[] Bits(this ReadOnlySpan<float> vector)
    {
        var bits = new uint[vector.Length];
        for (var i = 0; i < bits.Length; i++)
        {
            bits[i] = BitConverter.SingleToUInt32Bits(vector[i]);
        }

        return bits;
    }

    public static uint[] Bits(this float[] vector) => Bits((ReadOnlySpan<float>)vector);
}
