using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace GenCluster.Training.Models;

/// <summary>
/// Variational autoencoder for 32x32 images: Kingma and Welling, "Auto-encoding variational Bayes", ICLR 2014; the
/// weight of the KL term is the beta of Higgins et al. 2017.
/// <code>
/// encoder   images (B, C, 32, 32) to  mean and log variance of the code, (B, 2 latent)
/// decoder   code (B, latent)      to  logits of the pixels (B, C, 32, 32)
/// </code>
/// A pixel is the probability of white, (x + 1) / 2. One phase trains both networks.
/// </summary>
public sealed class Vae : GenerativeModel
{
    public const int ImageSize = 32;

    private readonly int latent;
    private readonly double klWeight;
    private readonly VaeEncoder encoder;
    private readonly VaeDecoder decoder;

    public Vae(ModelSettings settings, int channels)
    {
        latent = settings.Integer("latent");
        klWeight = settings.Number("klWeight");
        int width = settings.Integer("channels");
        encoder = new VaeEncoder(latent, width, channels);
        decoder = new VaeDecoder(latent, width, channels);

        var optimizer = OptimizerSettings.Read(settings, "optimizer.learningRate");
        Networks = [new("encoder", encoder), new("decoder", decoder)];
        Phases = [new("elbo", ["encoder", "decoder"], optimizer, NegativeElbo)];
    }

    public override IReadOnlyList<Network> Networks { get; }

    public override IReadOnlyList<Phase> Phases { get; }

    public override Tensor Sample(int count, NoiseSource noise) => decoder.call(noise.Normal(count, latent)).sigmoid() * 2 - 1;

    /// <summary>KL(N(mean, exp(logVariance)) || N(0, I)) of each code, (B), in nats (Kingma and Welling 2014, appendix B).</summary>
    /// <param name="mean">(B, latent)</param>
    /// <param name="logVariance">(B, latent)</param>
    public static Tensor KlToStandardNormal(Tensor mean, Tensor logVariance) =>
        (mean.square() + logVariance.exp() - 1 - logVariance).sum(1) / 2;

    // Eq. 10 with one sample of the code, its first term by the Bernoulli decoder of appendix C.1, in nats an image.
    private ShardLoss NegativeElbo(Shard shard)
    {
        var moments = encoder.call(shard.Images);
        var (mean, logVariance) = (moments.narrow(1, 0, latent), moments.narrow(1, latent, latent)); // (B, latent) each
        var code = mean + (logVariance / 2).exp() * shard.Noise.Normal(shard.Count, latent); // the reparameterisation trick

        var pixels = (shard.Images + 1) / 2;
        var reconstruction = binary_cross_entropy_with_logits(decoder.call(code), pixels, reduction: Reduction.Sum) / shard.Count;
        var kl = KlToStandardNormal(mean, logVariance).mean();
        return new(reconstruction + klWeight * kl, ("reconstruction", reconstruction.detach()), ("kl", kl.detach()));
    }
}

/// <summary>Images (B, C, 32, 32) to the mean and log variance of their codes, (B, 2 latent).</summary>
internal sealed class VaeEncoder : Module<Tensor, Tensor>
{
    private readonly Sequential features;
    private readonly Linear moments;

    public VaeEncoder(int latent, int width, int channels) : base(nameof(VaeEncoder))
    {
        features = Sequential(
            Conv2d(channels, width, 4, 2, 1), ReLU(inplace: true), // (B, w, 16, 16)
            Conv2d(width, 2 * width, 4, 2, 1), ReLU(inplace: true), // (B, 2w, 8, 8)
            Conv2d(2 * width, 4 * width, 4, 2, 1), ReLU(inplace: true)); // (B, 4w, 4, 4)
        moments = Linear(4 * width * 4 * 4, 2 * latent);
        RegisterComponents();
    }

    public override Tensor forward(Tensor images) => moments.call(features.call(images).flatten(1)); // (B, 2 latent)
}

/// <summary>Codes (B, latent) to the logits of pixels (B, C, 32, 32).</summary>
internal sealed class VaeDecoder : Module<Tensor, Tensor>
{
    private readonly Linear unfold;
    private readonly Sequential pixels;

    public VaeDecoder(int latent, int width, int channels) : base(nameof(VaeDecoder))
    {
        unfold = Linear(latent, 4 * width * 4 * 4);
        pixels = Sequential(
            ReLU(),
            ConvTranspose2d(4 * width, 2 * width, 4, 2, 1), ReLU(inplace: true), // (B, 2w, 8, 8)
            ConvTranspose2d(2 * width, width, 4, 2, 1), ReLU(inplace: true), // (B, w, 16, 16)
            ConvTranspose2d(width, channels, 4, 2, 1)); // (B, C, 32, 32)
        RegisterComponents();
    }

    public override Tensor forward(Tensor code) => pixels.call(unfold.call(code).reshape(code.shape[0], -1, 4, 4)); // from (B, 4w, 4, 4)
}
