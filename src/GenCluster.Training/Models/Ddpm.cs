using GenCluster.Training.Models.Diffusion;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace GenCluster.Training.Models;

/// <summary>
/// Denoising diffusion for (B, C, H, W) images, H = W a multiple of 4: Ho, Jain and Abbeel, "Denoising diffusion
/// probabilistic models", NeurIPS 2020, sampled by the deterministic DDIM of Song, Meng and Ermon, ICLR 2021.
/// One phase trains a U-Net to tell the noise in an image; samples are drawn with its averaged weights.
/// </summary>
public sealed class Ddpm : GenerativeModel
{
    private readonly int channels;
    private readonly int imageSize;
    private readonly int timesteps;
    private readonly int samplingSteps;
    private readonly Denoiser denoiser;

    public Ddpm(ModelSettings settings, int channels, int imageSize)
    {
        this.channels = channels;
        this.imageSize = imageSize;
        timesteps = settings.Integer("timesteps");
        samplingSteps = Math.Min(settings.Integer("samplingSteps"), timesteps);
        var betas = NoiseSchedule.Betas(settings.Text("schedule"), timesteps);
        denoiser = new Denoiser(new UNet(settings.Integer("channels"), channels), betas);

        var optimizer = OptimizerSettings.Read(settings, "optimizer.learningRate");
        Networks = [new("denoiser", denoiser, AverageDecay: settings.Number("ema"))];
        Phases = [new("denoiser", ["denoiser"], optimizer, SimpleLoss)];
    }

    public override IReadOnlyList<Network> Networks { get; }

    public override IReadOnlyList<Phase> Phases { get; }

    public override Tensor Sample(int count, NoiseSource noise)
    {
        using var scope = NewDisposeScope();
        var x = noise.Normal(count, channels, imageSize, imageSize);
        int[] steps = NoiseSchedule.SamplingTimesteps(timesteps, samplingSteps);
        for (int i = steps.Length - 1; i >= 0; i--)
            x = denoiser.DdimStep(x, steps[i], i > 0 ? steps[i - 1] : null);
        return x.MoveToOuterDisposeScope();
    }

    // L_simple, eq. 14: the mean over pixels, times and images of the squared error in the noise.
    private ShardLoss SimpleLoss(Shard shard)
    {
        var t = shard.Noise.Integers(shard.Count, timesteps); // (B)
        var noise = shard.Noise.Normal(shard.Images.shape); // (B, C, H, W)
        var predicted = denoiser.call(denoiser.AddNoise(shard.Images, noise, t), t);
        return new(mse_loss(predicted, noise));
    }
}
