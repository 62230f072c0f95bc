namespace GenCluster.Training.Loop;

/// <summary>The images that a trial trains on, by index. Order and repetition are the loop's affair (<see cref="DataOrder"/>).</summary>
public interface ITrainingData
{
    /// <summary>How many images there are; at least one.</summary>
    long Count { get; }

    /// <summary>Colour channels, C.</summary>
    int Channels { get; }

    /// <summary>Height and width, in pixels.</summary>
    int Size { get; }

    /// <summary>Writes image <paramref name="index"/> as C x H x W numbers in [-1, 1]. Safe to call from several threads.</summary>
    /// <param name="image">Exactly Channels * Size * Size numbers.</param>
    void Read(long index, Span<float> image);
}
