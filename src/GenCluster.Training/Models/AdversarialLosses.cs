using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace GenCluster.Training.Models;

/// <summary>The two sides of an adversarial game, as functions of the discriminator's scores, (B) each.</summary>
/// <param name="Discriminator">What the discriminator minimises, given the scores of real and of generated images.</param>
/// <param name="Generator">What the generator minimises, given the scores of generated images.</param>
public sealed record AdversarialLoss(Func<Tensor, Tensor, Tensor> Discriminator, Func<Tensor, Tensor> Generator);

/// <summary>The adversarial losses by name. Scores are raw: no sigmoid has been applied.</summary>
public static class AdversarialLosses
{
    /// <summary>
    /// Goodfellow et al. 2014, eq. 1, with the generator's loss of section 3, which has a gradient where the minimax
    /// one has none. softplus(-s) is -log sigmoid(s) without its overflow.
    /// </summary>
    public static AdversarialLoss NonSaturating { get; } = new(
        (real, fake) => softplus(-real).mean() + softplus(fake).mean(),
        fake => softplus(-fake).mean());

    /// <summary>Lim and Ye 2017; Miyato et al. 2018, eqs. 16 and 17.</summary>
    public static AdversarialLoss Hinge { get; } = new(
        (real, fake) => relu(1 - real).mean() + relu(1 + fake).mean(),
        fake => -fake.mean());

    /// <summary>Mao et al. 2017, eq. 9: real is 1, generated is 0.</summary>
    public static AdversarialLoss LeastSquares { get; } = new(
        (real, fake) => ((real - 1).square().mean() + fake.square().mean()) / 2,
        fake => (fake - 1).square().mean() / 2);

    public static AdversarialLoss Named(string name) => name switch
    {
        "non-saturating" => NonSaturating,
        "hinge" => Hinge,
        "least-squares" => LeastSquares,
        _ => throw new ArgumentException($"there is no adversarial loss '{name}'; there are non-saturating, hinge, least-squares", nameof(name)),
    };
}
