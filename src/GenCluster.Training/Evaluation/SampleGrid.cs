using GenCluster.Core.Randomness;
using GenCluster.Core.Training;
using GenCluster.Training.Models;
using static TorchSharp.torch;

namespace GenCluster.Training.Evaluation;

/// <summary>
/// A picture of samples side by side, always from the same noise, so that pictures of one trial show the same latent
/// vectors growing sharper.
/// </summary>
public static class SampleGrid
{
    private const int Side = 8;
    private const int MaxBytes = 48 * 1024; // what a SamplePicture may hold

    /// <summary>
    /// Draws up to 8x8 samples, as many rows as fit a <see cref="SamplePicture"/>: 8 columns and 6 rows of 32x32 grey
    /// images. The caller has set evaluation mode, inference mode and averaged weights.
    /// </summary>
    /// <param name="seed">The training seed.</param>
    /// <param name="device">Where the model is.</param>
    public static SamplePicture Draw(GenerativeModel model, int channels, int imageSize, ulong seed, Device device)
    {
        using var scope = NewDisposeScope();
        var (columns, rows) = Layout(channels, imageSize);
        var noise = new NoiseSource(new RandomStream(seed, new StreamAddress(StreamPurpose.Samples)), device);
        return Arrange(model.Sample(columns * rows, noise).cpu(), columns);
    }

    /// <summary>Columns and rows that fit.</summary>
    public static (int Columns, int Rows) Layout(int channels, int imageSize)
    {
        int fit = Math.Max(1, MaxBytes / (channels * imageSize * imageSize));
        int columns = Math.Min(Side, fit);
        return (columns, Math.Min(Side, fit / columns));
    }

    /// <summary>Images (N, C, H, W) in [-1, 1], row by row; N is a multiple of the columns.</summary>
    public static SamplePicture Arrange(Tensor images, int columns)
    {
        using var scope = NewDisposeScope();
        var (n, c, h, w) = (images.shape[0], images.shape[1], images.shape[2], images.shape[3]);
        var grid = images.reshape(n / columns, columns, c, h, w).permute(0, 3, 1, 4, 2).contiguous(); // (rows, H, columns, W, C)
        var bytes = ((grid + 1) * 127.5).round().clamp(0, 255).to(uint8);
        return new SamplePicture((int)(columns * w), (int)(n / columns * h), (int)c, bytes.data<byte>().ToArray());
    }
}
