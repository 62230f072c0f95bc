using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GenCluster.Training.Models.Diffusion;

/// <summary>
/// A small U-Net (Ronneberger et al. 2015, as used by Ho et al. 2020, without attention): images (B, C, H, W) and times
/// (B) to tensors like the images. Width w at full resolution, 2w at a half and a quarter of it.
/// </summary>
public sealed class UNet : Module<Tensor, Tensor, Tensor>
{
    private readonly TimeEmbedding time;
    private readonly Conv2d stem;
    private readonly ResidualBlock down1;
    private readonly Conv2d shrink1;
    private readonly ResidualBlock down2;
    private readonly Conv2d shrink2;
    private readonly ResidualBlock middle;
    private readonly ResidualBlock up2;
    private readonly ResidualBlock up1;
    private readonly GroupNorm norm;
    private readonly Conv2d head;

    public UNet(int width, int channels) : base(nameof(UNet))
    {
        int features = 4 * width;
        time = new TimeEmbedding(features);
        stem = Conv2d(channels, width, 3, 1, 1);
        down1 = new ResidualBlock(width, width, features);
        shrink1 = Conv2d(width, width, 3, 2, 1);
        down2 = new ResidualBlock(width, 2 * width, features);
        shrink2 = Conv2d(2 * width, 2 * width, 3, 2, 1);
        middle = new ResidualBlock(2 * width, 2 * width, features);
        up2 = new ResidualBlock(4 * width, 2 * width, features);
        up1 = new ResidualBlock(3 * width, width, features);
        norm = ResidualBlock.NormOf(width);
        head = Conv2d(width, channels, 3, 1, 1);
        init.zeros_(head.weight!); // the first guess is no noise at all (Ho et al. 2020, the authors' code)
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, Tensor t)
    {
        var at = time.call(t); // (B, 4w)
        var fine = down1.call(stem.call(x), at); // (B, w, H, W)
        var half = down2.call(shrink1.call(fine), at); // (B, 2w, H/2, W/2)
        var h = middle.call(shrink2.call(half), at); // (B, 2w, H/4, W/4)
        h = up2.call(cat([Doubled(h), half], 1), at); // (B, 2w, H/2, W/2)
        h = up1.call(cat([Doubled(h), fine], 1), at); // (B, w, H, W)
        return head.call(functional.silu(norm.call(h))); // (B, C, H, W)
    }

    private static Tensor Doubled(Tensor x) => functional.interpolate(x, scale_factor: [2, 2], mode: InterpolationMode.Nearest);
}
