using GenCluster.Core.Parameters;
using GenCluster.Training.Models;
using GenCluster.Training.Tests.Models;
using static TorchSharp.torch;

namespace GenCluster.Training.Tests.Storage;

/// <summary>A DCGAN of a few thousand parameters, with the same weights each time.</summary>
internal static class SmallDcgan
{
    public static GenerativeModel Create(string loss = "non-saturating", int channels = 1, double dropout = 0, double gradientPenalty = 10)
    {
        set_num_threads(1);
        using var generator = manual_seed(1);
        return ModelZoo.Create("dcgan", TestModel.Settings(
            "dcgan",
            ("latent", ParameterValue.Of(8L)), ("generator.channels", ParameterValue.Of(4L)), ("discriminator.channels", ParameterValue.Of(4L)),
            ("loss", ParameterValue.Of(loss)), ("discriminator.dropout", ParameterValue.Of(dropout)), ("gradientPenalty", ParameterValue.Of(gradientPenalty))),
            channels, 32);
    }
}
