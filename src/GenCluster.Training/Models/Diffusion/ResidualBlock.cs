using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GenCluster.Training.Models.Diffusion;

/// <summary>
/// Two convolutions and a way around them; the time enters in between. (B, from, H, W) and (B, features) to
/// (B, to, H, W) (Ho et al. 2020, appendix B).
/// </summary>
internal sealed class ResidualBlock : Module<Tensor, Tensor, Tensor>
{
    private readonly GroupNorm norm1;
    private readonly Conv2d conv1;
    private readonly Linear time;
    private readonly GroupNorm norm2;
    private readonly Conv2d conv2;
    private readonly Module<Tensor, Tensor> skip;

    public ResidualBlock(int from, int to, int features) : base(nameof(ResidualBlock))
    {
        norm1 = NormOf(from);
        conv1 = Conv2d(from, to, 3, 1, 1);
        time = Linear(features, to);
        norm2 = NormOf(to);
        conv2 = Conv2d(to, to, 3, 1, 1);
        skip = from == to ? Identity() : Conv2d(from, to, 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, Tensor at)
    {
        var h = conv1.call(functional.silu(norm1.call(x))); // (B, to, H, W)
        h = h + time.call(functional.silu(at)).unsqueeze(-1).unsqueeze(-1); // + (B, to, 1, 1)
        return conv2.call(functional.silu(norm2.call(h))) + skip.call(x);
    }

    /// <summary>
    /// Group norm with up to 8 groups of at least four channels each: alone in a group, a channel would lose its mean
    /// to the norm, and with it the time.
    /// </summary>
    public static GroupNorm NormOf(int channels)
    {
        int powerOfTwo = channels & -channels; // the largest that divides them
        var norm = GroupNorm(Math.Clamp(powerOfTwo / 4, 1, 8), channels);
        init.ones_(norm.weight!); // TorchSharp 0.107 leaves both as it found the memory
        init.zeros_(norm.bias!);
        return norm;
    }
}
