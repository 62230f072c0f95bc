using GenCluster.Core.Models;
using GenCluster.Core.Parameters;
using GenCluster.Training.Models;
using static TorchSharp.torch;

namespace GenCluster.Benchmarks.Training;

/// <summary>The DCGAN for 32x32 images in the paper's size: 3.5 and 2.6 million parameters. Peers/dcgan.py is the same in PyTorch.</summary>
internal static class BenchmarkModel
{
    private const int Latent = 100, Width = 128;

    /// <summary>A value for every hyperparameter.</summary>
    public static Assignment Settings { get; } = new Assignment(
        [.. ModelCatalogue.Find("dcgan")!.Hyperparameters.Select(h => new Setting(h.Path, h.Default))]).With(new Assignment(
        [
            new("latent", ParameterValue.Of((long)Latent)),
            new("generator.channels", ParameterValue.Of((long)Width)),
            new("discriminator.channels", ParameterValue.Of((long)Width)),
        ]));

    /// <summary>The model with the weights of one seed.</summary>
    public static GenerativeModel Create()
    {
        using var generator = manual_seed(7);
        return ModelZoo.Create("dcgan", Settings, channels: 1, Dcgan.ImageSize);
    }
}
