using GenCluster.Core.Randomness;
using GenCluster.Core.Sweeps;
using TorchSharp;
using static TorchSharp.torch;

namespace GenCluster.Training.Tests.Evaluation;

/// <summary>
/// The sliced Wasserstein distance once more, in double precision and plain loops, for images of one level (16x16),
/// drawing the same patches and directions from the same streams.
/// </summary>
internal static class PlainDistance
{
    private const int Patch = 7;

    public static double Between(Tensor left, Tensor right, EvaluationSpec spec, ulong seed)
    {
        double[][] directions = Directions((int)left.shape[1] * Patch * Patch, spec.Projections, seed);
        double[][] a = Descriptors(left, spec, seed), b = Descriptors(right, spec, seed);
        return 1000 * directions.Average(d => Along(a, d).Zip(Along(b, d), (x, y) => Math.Abs(x - y)).Average());
    }

    private static double[] Along(double[][] descriptors, double[] direction) =>
        [.. descriptors.Select(v => v.Zip(direction, (x, y) => x * y).Sum()).Order()];

    private static double[][] Descriptors(Tensor images, EvaluationSpec spec, ulong seed)
    {
        var (count, channels, size) = ((int)images.shape[0], (int)images.shape[1], (int)images.shape[2]);
        var places = new RandomStream(seed, new StreamAddress(StreamPurpose.Evaluation, Step: 0, Phase: 1));
        var patches = new List<double[][]>(); // patch, channel, pixel
        for (int i = 0; i < count; i++)
        {
            for (int p = 0; p < spec.PatchesPerImage; p++)
            {
                int top = places.NextInt(size - Patch + 1), left = places.NextInt(size - Patch + 1);
                patches.Add([.. Enumerable.Range(0, channels).Select(c => Enumerable.Range(0, Patch * Patch)
                    .Select(k => (double)images[i, c, top + k / Patch, left + k % Patch].item<float>()).ToArray())]);
            }
        }

        for (int c = 0; c < channels; c++)
        {
            double mean = patches.SelectMany(p => p[c]).Average();
            double deviation = Math.Sqrt(patches.SelectMany(p => p[c]).Average(x => (x - mean) * (x - mean)));
            patches.ForEach(p => p[c] = [.. p[c].Select(x => (x - mean) / deviation)]);
        }

        return [.. patches.Select(p => p.SelectMany(x => x).ToArray())];
    }

    private static double[][] Directions(int length, int count, ulong seed)
    {
        var values = new float[length * count]; // (length, count)
        new RandomStream(seed, new StreamAddress(StreamPurpose.Evaluation, Step: 0, Phase: 2)).FillNormal(values);
        return [.. Enumerable.Range(0, count).Select(d =>
        {
            double[] direction = [.. Enumerable.Range(0, length).Select(i => (double)values[i * count + d])];
            double norm = Math.Sqrt(direction.Sum(x => x * x));
            return direction.Select(x => x / norm).ToArray();
        })];
    }
}
