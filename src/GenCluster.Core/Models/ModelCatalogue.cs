using static GenCluster.Core.Models.Hyperparameter;

namespace GenCluster.Core.Models;

/// <summary>A model of the zoo as a sweep file sees it: its name, what it is and its hyperparameters.</summary>
public sealed record ModelDescription(string Name, string Summary, IReadOnlyList<Hyperparameter> Hyperparameters)
{
    public Hyperparameter? Find(string path) => Hyperparameters.FirstOrDefault(h => h.Path == path);
}

/// <summary>
/// The zoo. Only descriptions: the networks live in GenCluster.Training, and a test there holds the two together.
/// </summary>
public static class ModelCatalogue
{
    public static IReadOnlyList<ModelDescription> All { get; } =
    [
        new("dcgan", "Deep convolutional GAN (Radford et al. 2016): two phases, discriminator and generator.",
        [
            Size("latent", 64, 1, 4096, "Length of the noise vector."),
            Size("generator.channels", 32, 1, 1024, "Channels of the generator's last hidden layer; each earlier one doubles it."),
            Size("discriminator.channels", 32, 1, 1024, "Channels of the discriminator's first layer; each later one doubles it."),
            Integer("discriminator.stepsPerGenerator", 1, 1, 100, "Discriminator updates for one of the generator."),
            Number("discriminator.dropout", 0, 0, 0.9, "Part of the discriminator's hidden channels that is dropped in training."),
            Choice(
                "loss",
                "The adversarial loss; wasserstein-gp (Gulrajani et al. 2017) makes the discriminator a critic without batch norm.",
                "non-saturating", "hinge", "least-squares", "wasserstein-gp"),
            Number("gradientPenalty", 10, 0, 1000, "Weight of wasserstein-gp's penalty on the critic's slope; no other loss uses it."),
            Number("optimizer.generator.learningRate", 2e-4, 1e-8, 1, "Step size for the generator."),
            Number("optimizer.discriminator.learningRate", 2e-4, 1e-8, 1, "Step size for the discriminator."),
            .. Optimizer(beta1: 0.5),
        ]),
        new("vae", "Variational autoencoder (Kingma and Welling 2014): one phase, encoder and decoder.",
        [
            Size("latent", 32, 1, 4096, "Length of the code."),
            Size("channels", 32, 1, 1024, "Channels of the encoder's first layer; each later one doubles it."),
            Number("klWeight", 1, 0, 1000, "Weight of the KL term (beta of beta-VAE)."),
            Number("optimizer.learningRate", 1e-3, 1e-8, 1, "Step size."),
            .. Optimizer(beta1: 0.9),
        ]),
        new("ddpm", "Denoising diffusion (Ho et al. 2020): one phase, averaged weights, sampled by DDIM (Song et al. 2021).",
        [
            Size("channels", 32, 4, 1024, "Channels of the U-Net at full resolution."),
            Integer("timesteps", 1000, 2, 10000, "Length of the noising chain."),
            Integer("samplingSteps", 25, 1, 10000, "Denoising steps for a sample."),
            Choice("schedule", "How the noise grows along the chain.", "linear", "cosine"),
            Number("ema", 0.999, 0, 0.999999, "Decay of the averaged weights that samples are drawn with."),
            Number("optimizer.learningRate", 2e-4, 1e-8, 1, "Step size."),
            .. Optimizer(beta1: 0.9),
        ]),
    ];

    public static ModelDescription? Find(string name) => All.FirstOrDefault(m => m.Name == name);

    private static Hyperparameter Size(string path, long @default, long min, long max, string meaning) =>
        Integer(path, @default, min, max, meaning) with { ShapesNetworks = true };

    private static Hyperparameter[] Optimizer(double beta1) =>
    [
        Choice("optimizer.type", "The optimizer.", "adam", "adamw", "sgd", "rmsprop"),
        Number("optimizer.beta1", beta1, 0, 0.9999, "Decay of the first moment, in adam and adamw."),
        Number("optimizer.beta2", 0.999, 0, 0.99999, "Decay of the second moment, in adam, adamw and rmsprop."),
        Number("optimizer.momentum", 0, 0, 0.9999, "Momentum, in sgd and rmsprop."),
        Number("optimizer.weightDecay", 0, 0, 1, "Pull of the weights to zero: apart from the gradient in adamw, a part of it in the others."),
    ];
}
