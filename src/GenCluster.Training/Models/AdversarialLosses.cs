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

    /// <summary>
    /// Arjovsky et al. 2017, eq. 2: scores that are unbounded, and as far apart as the critic's slope lets them be. So it
    /// needs something that limits the slope, here <see cref="GradientPenalty"/>.
    /// </summary>
    public static AdversarialLoss Wasserstein { get; } = new(
        (real, fake) => fake.mean() - real.mean(),
        fake => -fake.mean());

    /// <summary>
    /// The mean squared distance from 1 of the critic's slope, at points between real and generated images (Gulrajani et
    /// al. 2017, eq. 3, third term without its weight), a scalar. Backward through it takes second derivatives.
    /// </summary>
    /// <param name="critic">Images (B, C, H, W) to scores (B), each of its own image only: no batch norm.</param>
    /// <param name="real">(B, C, H, W)</param>
    /// <param name="fake">(B, C, H, W), without a graph.</param>
    /// <param name="between">Where between the two each pair is looked at, (B) in [0, 1].</param>
    public static Tensor GradientPenalty(Func<Tensor, Tensor> critic, Tensor real, Tensor fake, Tensor between)
    {
        const double smallest = 1e-12; // the root has no derivative at 0, where a critic may start

        var weight = between.reshape(-1, 1, 1, 1); // (B, 1, 1, 1)
        var points = (weight * real + (1 - weight) * fake).detach().requires_grad_(true);
        var scores = critic(points); // (B)
        var slopes = autograd.grad([scores], [points], [ones_like(scores)], retain_graph: true, create_graph: true)[0]; // (B, C, H, W)
        var norms = (slopes.flatten(1).square().sum(1) + smallest).sqrt(); // (B)
        return (norms - 1).square().mean();
    }

    public static AdversarialLoss Named(string name) => name switch
    {
        "non-saturating" => NonSaturating,
        "hinge" => Hinge,
        "least-squares" => LeastSquares,
        "wasserstein-gp" => Wasserstein,
        _ => throw new ArgumentException($"there is no adversarial loss '{name}'; there are non-saturating, hinge, least-squares, wasserstein-gp", nameof(name)),
    };
}
