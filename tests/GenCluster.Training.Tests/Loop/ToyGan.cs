using GenCluster.Training.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GenCluster.Training.Tests.Loop;

/// <summary>The smallest model with everything that is hard to keep exact: batch norm, dropout, an average, two phases, one repeated.</summary>
internal sealed class ToyGan : GenerativeModel
{
    private const int Latent = 4;

    public ToyGan(double learningRate = 1e-2, double? average = 0.9, double dropout = 0.3)
    {
        Generator = new ToyGenerator();
        Discriminator = new ToyDiscriminator(dropout);
        var adam = new AdamOptions(learningRate, 0.5, 0.999);
        Networks = [new Network("discriminator", Discriminator), new Network("generator", Generator, average)];
        Phases =
        [
            new Phase("discriminator", ["discriminator"], adam, DiscriminatorLoss, TakesData: true, Repeat: 2),
            new Phase("generator", ["generator"], adam, GeneratorLoss, TakesData: false),
        ];
    }

    public ToyGenerator Generator { get; }

    public ToyDiscriminator Discriminator { get; }

    public override IReadOnlyList<Network> Networks { get; }

    public override IReadOnlyList<Phase> Phases { get; }

    public override Tensor Sample(int count, NoiseSource noise) => Generator.call(noise.Normal(count, Latent));

    private ShardLoss DiscriminatorLoss(Shard shard)
    {
        var real = functional.softplus(-Discriminator.call(shard.Images)).mean();
        var fake = functional.softplus(Discriminator.call(Sample(shard.Count, shard.Noise).detach())).mean();
        return new ShardLoss(real + fake, ("real", real), ("fake", fake));
    }

    private ShardLoss GeneratorLoss(Shard shard) => new(functional.softplus(-Discriminator.call(Sample(shard.Count, shard.Noise))).mean());
}

internal sealed class ToyGenerator : Module<Tensor, Tensor>
{
    private readonly Sequential main = Sequential(Linear(4, 24), BatchNorm1d(24), ReLU(), Linear(24, 64), Tanh());

    public ToyGenerator()
        : base(nameof(ToyGenerator)) => RegisterComponents();

    /// <summary>(B, 4) to (B, 1, 8, 8).</summary>
    public override Tensor forward(Tensor input) => main.call(input).view(-1, 1, 8, 8);
}

internal sealed class ToyDiscriminator : Module<Tensor, Tensor>
{
    private readonly Sequential main;

    public ToyDiscriminator(double dropout)
        : base(nameof(ToyDiscriminator))
    {
        main = Sequential(Linear(64, 20), BatchNorm1d(20), LeakyReLU(0.2), Dropout(dropout), Linear(20, 1));
        RegisterComponents();
    }

    /// <summary>(B, 1, 8, 8) to (B, 1).</summary>
    public override Tensor forward(Tensor input) => main.call(input.flatten(1));
}
