using GenCluster.Core.Randomness;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Training.Models;
using GenCluster.Training.Runner;
using static TorchSharp.torch;

namespace GenCluster.Training.Evaluation;

/// <summary>Writes the pixels of image <paramref name="index"/>, channel by channel, row by row, in [-1, 1].</summary>
public delegate void ImageReader(long index, Span<float> pixels);

/// <summary>
/// The metric <c>swd</c>: <see cref="SlicedWasserstein"/> between generated and held-out images. The held-out side is
/// prepared once. Noise, patches and directions depend on the training seed alone, so the values of a trial's
/// evaluations, and of a sweep's trials, differ only by the weights.
/// </summary>
public sealed class SlicedWassersteinEvaluator : IEvaluator
{
    private const int Batch = 64; // part of the protocol: libtorch may add in another order for another batch
    private const byte LatentStream = 0;

    private readonly EvaluationSpec spec;
    private readonly ulong seed;
    private readonly Device device;
    private readonly SlicedWasserstein distance;
    private readonly Projections heldOut;

    /// <summary>Reads and prepares the held-out images, of which there must be as many as the protocol's samples.</summary>
    /// <param name="seed">The training seed.</param>
    /// <param name="device">Where the models to evaluate are. The distance itself is computed on the CPU.</param>
    public SlicedWassersteinEvaluator(ImageReader heldOutImages, int channels, int imageSize, EvaluationSpec spec, ulong seed, Device device)
    {
        this.spec = spec;
        this.seed = seed;
        this.device = device;
        distance = new SlicedWasserstein(spec, channels, imageSize, seed);

        using var images = Read(heldOutImages, spec.Samples, channels, imageSize);
        heldOut = distance.Project(images);
    }

    /// <inheritdoc cref="SlicedWasserstein.Protocol"/>
    public string Protocol => distance.Protocol;

    public IReadOnlyList<Metric> Evaluate(GenerativeModel model, int step)
    {
        using var scope = NewDisposeScope();
        using var generated = distance.Project(Draw(model));
        return [new Metric("swd", SlicedWasserstein.Distance(generated, heldOut))];
    }

    public void Dispose()
    {
        heldOut.Dispose();
        distance.Dispose();
    }

    private Tensor Draw(GenerativeModel model)
    {
        var noise = new NoiseSource(new RandomStream(seed, new StreamAddress(StreamPurpose.Evaluation, Phase: LatentStream)), device);
        var batches = new List<Tensor>();
        for (int drawn = 0; drawn < spec.Samples; drawn += Batch)
            batches.Add(model.Sample(Math.Min(Batch, spec.Samples - drawn), noise).cpu());
        return cat(batches); // (Samples, C, H, W)
    }

    private static Tensor Read(ImageReader images, int count, int channels, int imageSize)
    {
        int size = channels * imageSize * imageSize;
        var pixels = new float[count * size];
        for (int i = 0; i < count; i++)
            images(i, pixels.AsSpan(i * size, size));
        return tensor(pixels, [count, channels, imageSize, imageSize]).to(CPU, copy: true, disposeAfter: true); // aligned, see NoiseSource
    }
}
