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
/// Two phases: the discriminator learns to tell training images from samples, then the generator to be mistaken.
/// </summary>
public sealed class Dcgan : GenerativeModel
{
    public const int ImageSize = 32;

    private readonly int latent;
    private readonly AdversarialLoss loss;
    private readonly DcganGenerator generator;
    private readonly DcganDiscriminator discriminator;

    public Dcgan(ModelSettings settings, int channels)
    {
        latent = settings.Integer("latent");
        loss = AdversarialLosses.Named(settings.Text("loss"));
        generator = new DcganGenerator(latent, settings.Integer("generator.channels"), channels);
        discriminator = new DcganDiscriminator(settings.Integer("discriminator.channels"), channels);

        AdamOptions AdamOf(string network) => new(
            settings.Number($"optimizer.{network}.learningRate"), settings.Number("optimizer.beta1"), settings.Number("optimizer.beta2"));
        Networks = [new("generator", generator), new("discriminator", discriminator)];
        Phases =
        [
            new("discriminator", ["discriminator"], AdamOf("discriminator"), DiscriminatorLoss,
                Repeat: settings.Integer("discriminator.stepsPerGenerator")),
            new("generator", ["generator"], AdamOf("generator"), GeneratorLoss, TakesData: false),
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
        return new(loss.Discriminator(real, fake), ("real", real.detach().mean()), ("fake", fake.detach().mean()));
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

/// <summary>Images (B, C, 32, 32) to scores (B): strided convolutions, leaky ReLU, batch norm on all but the first.</summary>
internal sealed class DcganDiscriminator : Module<Tensor, Tensor>
{
    private const double Slope = 0.2; // section 3

    private readonly Sequential main;

    public DcganDiscriminator(int width, int channels) : base(nameof(DcganDiscriminator))
    {
        main = Sequential(
            Conv2d(channels, width, 4, 2, 1, bias: false), LeakyReLU(Slope, inplace: true), // (B, w, 16, 16)
            Conv2d(width, 2 * width, 4, 2, 1, bias: false), BatchNorm2d(2 * width), LeakyReLU(Slope, inplace: true), // (B, 2w, 8, 8)
            Conv2d(2 * width, 4 * width, 4, 2, 1, bias: false), BatchNorm2d(4 * width), LeakyReLU(Slope, inplace: true), // (B, 4w, 4, 4)
            Conv2d(4 * width, 1, 4, bias: false)); // (B, 1, 1, 1)
        DcganInitialization.Apply(main);
        RegisterComponents();
    }

    public override Tensor forward(Tensor images) => main.call(images).flatten(); // (B)
}

/// <summary>Convolutions from N(0, 0.02) (section 4); batch norm's scales from N(1, 0.02), as in the authors' code.</summary>
internal static class DcganInitialization
{
    private const double Deviation = 0.02;

    public static void Apply(Module network) => network.apply(module =>
    {
        switch (module)
        {
            case Conv2d { weight: { } weight }:
                init.normal_(weight, 0, Deviation);
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
