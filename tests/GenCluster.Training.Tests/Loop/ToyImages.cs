using System.Collections.Concurrent;
using GenCluster.Core.Randomness;
using GenCluster.Training.Loop;

namespace GenCluster.Training.Tests.Loop;

/// <summary>Random images, and a list of those that were asked for.</summary>
internal sealed class ToyImages(long count = 50, int size = 8) : ITrainingData
{
    public ConcurrentQueue<long> Asked { get; } = [];

    public long Count => count;

    public int Channels => 1;

    public int Size => size;

    public void Read(long index, Span<float> image)
    {
        Asked.Enqueue(index);
        new RandomStream(99, new StreamAddress(StreamPurpose.Training, (uint)index)).FillUniform(image);
    }
}
