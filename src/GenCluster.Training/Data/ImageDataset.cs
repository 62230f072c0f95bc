using GenCluster.Core.Randomness;
using GenCluster.Training.Loop;

namespace GenCluster.Training.Data;

/// <summary>Square gray images, kept in memory as bytes, and handed out padded and scaled.</summary>
public sealed class ImageDataset
{
    // A constant of its own: which images are held out must not depend on a trial's seed, or no two trials could be compared.
    private const ulong SplitSeed = 0x68656c642d6f7574; // "held-out"

    private readonly byte[] pixels;
    private readonly int edge;

    /// <param name="name">For messages.</param>
    /// <param name="size">Height and width that the images are padded to, at least their own.</param>
    /// <exception cref="DataException">The images are not square, or larger than <paramref name="size"/>.</exception>
    public ImageDataset(string name, IdxImages images, int size)
    {
        if (images.Height != images.Width)
            throw new DataException($"data set '{name}' has images of {images.Height}x{images.Width}; only square ones are read");
        if (size < images.Height)
        {
            throw new DataException(
                $"data.imageSize {size} is smaller than the {images.Height}x{images.Width} images of data set '{name}'; use {images.Height} or more");
        }

        Name = name;
        pixels = images.Pixels;
        edge = images.Height;
        Count = images.Count;
        Size = size;
    }

    public string Name { get; }

    public int Count { get; }

    public int Channels => 1;

    /// <summary>Height and width of the images as they are handed out.</summary>
    public int Size { get; }

    /// <summary>
    /// Divides the images into those to train on and those to evaluate with. The division depends on the data set and
    /// on <paramref name="heldOut"/> alone, never on a trial's seed, so that all trials are measured with the same images.
    /// </summary>
    /// <exception cref="DataException">Nothing would be left to train on.</exception>
    public DatasetSplit Split(int heldOut)
    {
        if (heldOut < 0 || heldOut >= Count)
            throw new DataException($"data.heldOut {heldOut} does not fit data set '{Name}', which has {Count} images; use 0 to {Count - 1}");

        var order = new KeyedPermutation(Count, SplitSeed, epoch: 0);
        return new DatasetSplit(new ImageSubset(this, order, heldOut, Count - heldOut), new ImageSubset(this, order, 0, heldOut));
    }

    /// <summary>Writes image <paramref name="index"/>, centred on a background of -1, its pixels scaled from 0..255 to [-1, 1].</summary>
    /// <param name="image">Channels x Size x Size values, row by row.</param>
    internal void Read(long index, Span<float> image)
    {
        if (image.Length != Channels * Size * Size)
            throw new ArgumentException($"an image has {Channels * Size * Size} values, the place for it {image.Length}", nameof(image));

        var source = pixels.AsSpan(checked((int)(index * edge * edge)), edge * edge);
        int margin = (Size - edge) / 2;
        image.Fill(-1);
        for (int row = 0; row < edge; row++)
        {
            var target = image.Slice((row + margin) * Size + margin, edge);
            for (int column = 0; column < edge; column++)
                target[column] = source[row * edge + column] / 127.5f - 1;
        }
    }
}

/// <summary>The two parts of a data set; no image is in both.</summary>
public sealed record DatasetSplit(ImageSubset Training, ImageSubset HeldOut);

/// <summary>A part of a data set.</summary>
public sealed class ImageSubset : ITrainingData
{
    private readonly ImageDataset images;
    private readonly KeyedPermutation order;
    private readonly long first;

    internal ImageSubset(ImageDataset images, KeyedPermutation order, long first, long count)
    {
        (this.images, this.order, this.first) = (images, order, first);
        Count = count;
    }

    public long Count { get; }

    public int Channels => images.Channels;

    public int Size => images.Size;

    /// <summary>Writes an image: Channels x Size x Size values in [-1, 1].</summary>
    public void Read(long index, Span<float> image)
    {
        if ((ulong)index >= (ulong)Count)
            throw new ArgumentOutOfRangeException(nameof(index), index, $"this part has {Count} images");
        images.Read(order[first + index], image);
    }
}
