using GenCluster.Core.Randomness;
using GenCluster.Training.Loop;
using GenCluster.Training.Models;

namespace GenCluster.Benchmarks.Training;

/// <summary>Images of noise, in memory: what is on them makes no step slower or faster.</summary>
internal sealed class NoiseImages : ITrainingData
{
    private const int Length = Dcgan.ImageSize * Dcgan.ImageSize;

    private readonly float[] pixels = new float[512 * Length];

    public NoiseImages()
    {
        new RandomStream(seed: 7, new StreamAddress(StreamPurpose.Training)).FillUniform(pixels);
        foreach (ref float pixel in pixels.AsSpan())
            pixel = 2 * pixel - 1;
    }

    public long Count => pixels.Length / Length;

    public int Channels => 1;

    public int Size => Dcgan.ImageSize;

    public void Read(long index, Span<float> image) => pixels.AsSpan((int)index * Length, Length).CopyTo(image);
}
