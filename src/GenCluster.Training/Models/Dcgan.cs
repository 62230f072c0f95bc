using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GenCluster.Training.Models;

/// <summary>
/// Deep convolutional GAN for 32x32 images: Radford, Metz and Chintala, "Unsupervised representation learning with
/// deep convolutional generative adversarial networks", ICLR 2016.
/// <code>
/// generator       z (B, latent, 1, 1)   to  images (B, C, 32, 32) in [-1, 1]
/// discriminator   images (B, C, 32, 32) to  scores (B), large for what looks real
/// </code>
/// Two phases: the discriminator learns to tell training images from samples, then the generator to be mistaken. With
/// the loss wasserstein-gp it is the WGAN-GP of Gulrajani et al., "Improved training of Wasserstein GANs", NeurIPS 2017.
/// </summary>
public sealed class Dcgan : GenerativeModel
{
    public const int ImageSize = 32;

    private readonly int latent;
    private readonly AdversarialLoss loss;
    private readonly double? penalty;
    private readonly DcganGenerator generator;
    private readonly DcganDiscriminator discriminator;

    public Dcgan(ModelSettings settings, int channels)
    {
        latent = settings.Integer("latent");
        string lossName = settings.Text("loss");
        loss = AdversarialLosses.Named(lossName);
        double gradientPenalty = settings.Number("gradientPenalty");
        penalty = lossName == "wasserstein-gp" ? gradientPenalty : null;
        generator = new DcganGenerator(latent, settings.Integer("generator.channels"), channels);
        discriminator = new DcganDiscriminator(
            settings.Integer("discriminator.channels"), channels, settings.Number("discriminator.dropout"), normalized: penalty is null);

        Networks = [new("generator", generator), new("discriminator", discriminator)];
        Phases =
        [
            new("discriminator", ["discriminator"], OptimizerSettings.Read(settings, "optimizer.discriminator.learningRate"), DiscriminatorLoss,
                Repeat: settings.Integer("discriminator.stepsPerGenerator"), TwiceDifferentiated: penalty is not null),
            new("generator", ["generator"], OptimizerSettings.Read(settings, "optimizer.generator.learningRate"), GeneratorLoss, TakesData: false),
        ];
    }

    public override IReadOnlyList<Network> Networks { get; }

    public override IReadOnlyList<Phase> Phases { get; }

    public override Tensor Sample(int count, NoiseSource noise) => generator.call(noise.Normal(count, latent, 1, 1));

    // Real and generated images are scored apart, so that batch norm sees one kind at a time (Radford et al. 2016, the
    // authors' code). The samples are made without a graph: this phase cannot move the generator.
    private ShardLoss DiscriminatorLoss(Shard shard)
    {
        Tensor samples;
        using (no_grad())
            samples = Sample(shard.Count, shard.Noise);

        var real = discriminator.call(shard.Images);
        var fake = discriminator.call(samples);
        var telling = loss.Discriminator(real, fake);
        if (penalty is not { } weight)
            return new(telling, ("real", real.detach().mean()), ("fake", fake.detach().mean()));

        var slope = AdversarialLosses.GradientPenalty(discriminator.call, shard.Images, samples, shard.Noise.Uniform(shard.Count));
        return new(
            telling + weight * slope, ("real", real.detach().mean()), ("fake", fake.detach().mean()), ("penalty", slope.detach()));
    }

    private ShardLoss GeneratorLoss(Shard shard)
    {
        var fake = discriminator.call(Sample(shard.Count, shard.Noise));
        return new(loss.Generator(fake), ("fake", fake.detach().mean()));
    }
}

/// <summary>Latent vectors (B, latent, 1, 1) to images (B, C, 32, 32) in [-1, 1]: transposed convolutions, batch norm, ReLU.</summary>
internal sealed class DcganGenerator : Module<Tensor, Tensor>
{
    private readonly Sequential main;

    public DcganGenerator(int latent, int width, int channels) : base(nameof(DcganGenerator))
    {
        main = Sequential(
            ConvTranspose2d(latent, 4 * width, 4, bias: false), BatchNorm2d(4 * width), ReLU(inplace: true), // (B, 4w, 4, 4)
            ConvTranspose2d(4 * width, 2 * width, 4, 2, 1, bias: false), BatchNorm2d(2 * width), ReLU(inplace: true), // (B, 2w, 8, 8)
            ConvTranspose2d(2 * width, width, 4, 2, 1, bias: false), BatchNorm2d(width), ReLU(inplace: true), // (B, w, 16, 16)
            ConvTranspose2d(width, channels, 4, 2, 1, bias: false), Tanh()); // (B, C, 32, 32)
        DcganInitialization.Apply(main);
        RegisterComponents();
    }

    public override Tensor forward(Tensor z) => main.call(z);
}

/// <summary>
/// Images (B, C, 32, 32) to scores (B): strided convolutions, leaky ReLU, batch norm on all but the first. A critic is not
/// normalized (Gulrajani et al. 2017, section 4): its slope at one image must not depend on the others.
/// </summary>
internal sealed class DcganDiscriminator : Module<Tensor, Tensor>
{
    private readonly Sequential main;

    public DcganDiscriminator(int width, int channels, double dropout, bool normalized) : base(nameof(DcganDiscriminator))
    {
        Module<Tensor, Tensor> Norm(int features) => normalized ? BatchNorm2d(features) : Identity();
        main = Sequential(
            Conv2d(channels, width, 4, 2, 1, bias: false), new DcganActivation(dropout), // (B, w, 16, 16)
            Conv2d(width, 2 * width, 4, 2, 1, bias: !normalized), Norm(2 * width), new DcganActivation(dropout), // (B, 2w, 8, 8)
            Conv2d(2 * width, 4 * width, 4, 2, 1, bias: !normalized), Norm(4 * width), new DcganActivation(dropout), // (B, 4w, 4, 4)
            Conv2d(4 * width, 1, 4, bias: false)); // (B, 1, 1, 1)
        DcganInitialization.Apply(main);
        RegisterComponents();
    }

    public override Tensor forward(Tensor images) => main.call(images).flatten(); // (B)
}

/// <summary>Leaky ReLU, then dropout where there is any: one module, so that the names of the others do not depend on it.</summary>
internal sealed class DcganActivation : Module<Tensor, Tensor>
{
    private const double Slope = 0.2; // section 3

    private readonly double dropout;

    public DcganActivation(double dropout) : base(nameof(DcganActivation))
    {
        this.dropout = dropout;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var active = functional.leaky_relu(x, Slope, inplace: true);
        return dropout > 0 ? functional.dropout(active, dropout, training) : active;
    }
}

/// <summary>Convolutions from N(0, 0.02) (section 4), where they have a bias from 0; batch norm's scales from N(1, 0.02), as in the authors' code.</summary>
internal static class DcganInitialization
{
    private const double Deviation = 0.02;

    public static void Apply(Module network) => network.apply(module =>
    {
        switch (module)
        {
            case Conv2d { weight: { } weight } convolution:
                init.normal_(weight, 0, Deviation);
                if (convolution.bias is { } shift)
                    init.zeros_(shift);
                break;
            case ConvTranspose2d { weight: { } weight }:
                init.normal_(weight, 0, Deviation);
                break;
            case BatchNorm2d { weight: { } weight, bias: { } bias }:
                init.normal_(weight, 1, Deviation);
                init.zeros_(bias);
                break;
        }
    });
}
