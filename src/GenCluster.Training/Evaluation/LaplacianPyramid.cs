using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace GenCluster.Training.Evaluation;

/// <summary>
/// Laplacian pyramid (Burt and Adelson 1983) with the 5x5 binomial kernel: every level but the last holds what the next
/// coarser one cannot show; the last is the image at that size.
/// </summary>
public static class LaplacianPyramid
{
    private const int Coarsest = 16; // Karras et al. 2018, section 5

    private static readonly float[] Binomial = [1 / 16f, 4 / 16f, 6 / 16f, 4 / 16f, 1 / 16f];

    /// <summary>The sizes of the levels, finest first: halves, down to 16 pixels where the size allows.</summary>
    public static IReadOnlyList<int> Sizes(int imageSize)
    {
        var sizes = new List<int> { imageSize };
        while (sizes[^1] % 2 == 0 && sizes[^1] / 2 >= Coarsest)
            sizes.Add(sizes[^1] / 2);
        return sizes;
    }

    /// <summary>The levels of a batch of images.</summary>
    /// <param name="images">(N, C, S, S)</param>
    /// <returns>(N, C, s, s) for every s of <see cref="Sizes"/>.</returns>
    public static IReadOnlyList<Tensor> Of(Tensor images)
    {
        var levels = new List<Tensor>();
        foreach (int _ in Sizes((int)images.shape[2]).Skip(1))
        {
            var coarse = Blur(images)[.., .., TensorIndex.Slice(step: 2), TensorIndex.Slice(step: 2)];
            levels.Add(images - Up(coarse));
            images = coarse;
        }

        return [.. levels, images];
    }

    // Zeros between the pixels, then four times the blur, which fills them in.
    private static Tensor Up(Tensor coarse)
    {
        long size = coarse.shape[2];
        var spread = coarse.new_zeros(coarse.shape[0], coarse.shape[1], 2 * size, 2 * size);
        spread[.., .., TensorIndex.Slice(step: 2), TensorIndex.Slice(step: 2)] = coarse;
        return Blur(spread) * 4;
    }

    // Rows, then columns; mirrored at the border without repeating the edge.
    private static Tensor Blur(Tensor images)
    {
        var (n, c, s) = (images.shape[0], images.shape[1], images.shape[2]);
        var kernel = tensor(Binomial, device: images.device);
        var x = pad(images.reshape(n * c, 1, s, s), [2, 2, 2, 2], PaddingModes.Reflect);
        x = conv2d(x, kernel.reshape(1, 1, 1, 5));
        return conv2d(x, kernel.reshape(1, 1, 5, 1)).reshape(n, c, s, s);
    }
}
