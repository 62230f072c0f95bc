using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GenCluster.Training.Models.Diffusion;

/// <summary>
/// A network that tells the noise in an image, with the noising process that it is trained for.
/// Noised images (B, C, H, W) and their times (B) to the noise in them (B, C, H, W).
/// </summary>
public sealed class Denoiser : Module<Tensor, Tensor, Tensor>
{
    private readonly UNet unet;
    private readonly Tensor sqrt_alphas_cumprod; // (T)
    private readonly Tensor sqrt_one_minus_alphas_cumprod; // (T)

    public Denoiser(UNet unet, double[] betas) : base(nameof(Denoiser))
    {
        this.unet = unet;
        double[] alphasCumprod = NoiseSchedule.AlphasCumprod(betas);
        sqrt_alphas_cumprod = tensor([.. alphasCumprod.Select(a => (float)Math.Sqrt(a))]);
        sqrt_one_minus_alphas_cumprod = tensor([.. alphasCumprod.Select(a => (float)Math.Sqrt(1 - a))]);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, Tensor t) => unet.call(x, t);

    /// <summary>The image after step <paramref name="t"/> of the chain, at once (Ho et al. 2020, eq. 4).</summary>
    /// <param name="x0">(B, C, H, W)</param>
    /// <param name="noise">(B, C, H, W)</param>
    /// <param name="t">(B)</param>
    public Tensor AddNoise(Tensor x0, Tensor noise, Tensor t)
    {
        var (signal, sigma) = At(t);
        return signal * x0 + sigma * noise;
    }

    /// <summary>The image that was noised; the inverse of <see cref="AddNoise"/>.</summary>
    public Tensor PredictStart(Tensor x, Tensor noise, Tensor t)
    {
        var (signal, sigma) = At(t);
        return (x - sigma * noise) / signal;
    }

    /// <summary>The noise that leads from <paramref name="x0"/> to <paramref name="x"/>.</summary>
    public Tensor PredictNoise(Tensor x, Tensor x0, Tensor t)
    {
        var (signal, sigma) = At(t);
        return (x - signal * x0) / sigma;
    }

    /// <summary>
    /// One step of DDIM with eta = 0, from time <paramref name="t"/> to an earlier one, or to the image itself when
    /// that is null (Song et al. 2021, eq. 12). The image predicted on the way is held in [-1, 1].
    /// </summary>
    public Tensor DdimStep(Tensor x, int t, int? previous)
    {
        using var scope = NewDisposeScope();
        var now = full(x.shape[0], t, int64, x.device); // (B)
        var x0 = PredictStart(x, call(x, now), now).clamp(-1, 1);
        var next = previous is int s ? AddNoise(x0, PredictNoise(x, x0, now), full_like(now, s)) : x0;
        return next.MoveToOuterDisposeScope();
    }

    private (Tensor Signal, Tensor Sigma) At(Tensor t) =>
        (sqrt_alphas_cumprod[t].reshape(-1, 1, 1, 1), sqrt_one_minus_alphas_cumprod[t].reshape(-1, 1, 1, 1)); // (B, 1, 1, 1)
}
