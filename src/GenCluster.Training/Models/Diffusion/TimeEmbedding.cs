using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GenCluster.Training.Models.Diffusion;

/// <summary>
/// Times (B) to features (B, F): sines and cosines of falling frequency (Vaswani et al. 2017, section 3.5) and two
/// linear layers.
/// </summary>
internal sealed class TimeEmbedding : Module<Tensor, Tensor>
{
    private readonly Tensor frequencies; // (F / 2)
    private readonly Linear linear1;
    private readonly Linear linear2;

    public TimeEmbedding(int features) : base(nameof(TimeEmbedding))
    {
        int half = features / 2;
        frequencies = tensor([.. Enumerable.Range(0, half).Select(i => (float)Math.Pow(10000, -(double)i / half))]);
        linear1 = Linear(features, features);
        linear2 = Linear(features, features);
        RegisterComponents();
    }

    public override Tensor forward(Tensor t)
    {
        var angles = t.unsqueeze(1) * frequencies; // (B, F / 2)
        var waves = cat([angles.sin(), angles.cos()], 1); // (B, F)
        return linear2.call(functional.silu(linear1.call(waves)));
    }
}
