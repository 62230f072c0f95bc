using GenCluster.Core.Randomness;
using GenCluster.Core.Sweeps;
using GenCluster.Training.Models;
using static TorchSharp.torch;

namespace GenCluster.Training.Evaluation;

/// <summary>
/// Sliced Wasserstein distance between two sets of images (Karras, Aila, Laine and Lehtinen, "Progressive growing of
/// GANs", ICLR 2018, section 5). At each level of the images' Laplacian pyramids, down to 16x16:
/// <list type="number">
/// <item>7x7 patches are taken at random places, <c>PatchesPerImage</c> from each image;</item>
/// <item>each channel of a set's patches is brought to mean 0 and deviation 1 over the set;</item>
/// <item>the patches are projected on <c>Projections</c> random directions;</item>
/// <item>along each direction the distance is the mean absolute difference of the sorted values.</item>
/// </list>
/// The result is the mean over directions and levels, times 1000. It falls with the number of samples, so only values
/// of the same protocol compare; <see cref="Protocol"/> states it.
/// <para>
/// Places and directions are fixed by the seed, and image i of every set is cut at the same places: values of one seed
/// differ only by the images, and a set is at distance 0 from itself.
/// </para>
/// </summary>
public sealed class SlicedWasserstein : IDisposable
{
    public const int Patch = 7;

    private const byte PlacesStream = 1, DirectionsStream = 2;

    private readonly EvaluationSpec spec;
    private readonly Level[] levels;

    public SlicedWasserstein(EvaluationSpec spec, int channels, int imageSize, ulong seed)
    {
        this.spec = spec;
        var sizes = LaplacianPyramid.Sizes(imageSize);
        levels = [.. sizes.Select((size, index) => new Level(size, Places(size, index, seed), Directions(channels, index, seed)))];
        Protocol = $"swd: {spec.Samples} samples, {spec.PatchesPerImage} patches/image, {spec.Projections} projections, "
            + $"levels {string.Join('+', sizes)}, x1e3";
    }

    /// <summary>How the number is made, in a line; stated wherever it is shown.</summary>
    public string Protocol { get; }

    /// <summary>What the distance needs of a set of images, for use with any number of other sets.</summary>
    /// <param name="images">(Samples, C, S, S), float32 on the CPU.</param>
    public Projections Project(Tensor images)
    {
        if (images.shape[0] != spec.Samples)
            throw new ArgumentException($"{images.shape[0]} images given; the protocol takes {spec.Samples}", nameof(images));

        using var scope = NewDisposeScope();
        var sorted = LaplacianPyramid.Of(images).Zip(levels, (pixels, level) => level.Project(pixels).DetachFromDisposeScope());
        return new Projections([.. sorted]);
    }

    /// <summary>The distance of two sets, NaN when either holds a value that is not finite.</summary>
    public static double Distance(Projections left, Projections right)
    {
        using var scope = NewDisposeScope();
        return 1000 * left.Levels.Zip(right.Levels, (a, b) => (a - b).abs().to(float64).mean().item<double>()).Average();
    }

    public void Dispose()
    {
        foreach (var level in levels)
            level.Dispose();
    }

    // For every image, the flat indices of its patches' pixels, (N, 1, P * 49).
    private Tensor Places(int size, int level, ulong seed)
    {
        var stream = new RandomStream(seed, new StreamAddress(StreamPurpose.Evaluation, (uint)level, PlacesStream));
        var index = new long[spec.Samples * spec.PatchesPerImage * Patch * Patch];
        for (int at = 0; at < index.Length;)
        {
            int top = stream.NextInt(size - Patch + 1), left = stream.NextInt(size - Patch + 1);
            for (int row = top; row < top + Patch; row++)
            {
                for (int column = left; column < left + Patch; column++)
                    index[at++] = row * size + column;
            }
        }

        return tensor(index, [spec.Samples, 1, spec.PatchesPerImage * Patch * Patch]).DetachFromDisposeScope();
    }

    private Tensor Directions(int channels, int level, ulong seed)
    {
        using var scope = NewDisposeScope();
        var stream = new RandomStream(seed, new StreamAddress(StreamPurpose.Evaluation, (uint)level, DirectionsStream));
        var directions = new NoiseSource(stream, CPU).Normal(channels * Patch * Patch, spec.Projections);
        return (directions / directions.norm(0, keepdim: true, p: 2)).DetachFromDisposeScope();
    }

    /// <summary>One level of the pyramid: where patches are cut and what they are projected on.</summary>
    /// <param name="Places">Flat pixel indices, (N, 1, P * 49).</param>
    /// <param name="Directions">Unit vectors, (C * 49, D).</param>
    private sealed record Level(int Size, Tensor Places, Tensor Directions) : IDisposable
    {
        /// <summary>Pixels (N, C, s, s) to sorted projections (D, N * P).</summary>
        public Tensor Project(Tensor pixels)
        {
            var (n, c) = (pixels.shape[0], pixels.shape[1]);
            var patches = pixels.reshape(n, c, Size * Size).gather(2, Places.expand(n, c, -1)) // (N, C, P * 49)
                .reshape(n, c, -1, Patch * Patch).transpose(1, 2); // (N, P, C, 49)
            var mean = patches.mean([0, 1, 3], keepdim: true); // (1, 1, C, 1)
            var deviation = (patches - mean).square().mean([0, 1, 3], keepdim: true).sqrt();
            var descriptors = ((patches - mean) / deviation.clamp_min(1e-8)).reshape(-1, c * Patch * Patch); // (N * P, C * 49)
            return descriptors.matmul(Directions).t().contiguous().sort(1).Values;
        }

        public void Dispose()
        {
            Places.Dispose();
            Directions.Dispose();
        }
    }
}

/// <summary>A set of images as <see cref="SlicedWasserstein"/> compares it: for each level, (directions, patches) sorted values.</summary>
public sealed class Projections(IReadOnlyList<Tensor> levels) : IDisposable
{
    internal IReadOnlyList<Tensor> Levels => levels;

    public void Dispose()
    {
        foreach (var level in levels)
            level.Dispose();
    }
}
