using TorchSharp;
using static TorchSharp.torch;

namespace GenCluster.Training.Models;

/// <summary>A network of a model.</summary>
/// <param name="Name">Its name; the first part of its tensors' names in a checkpoint.</param>
/// <param name="Module">The network. Its parameters are moved onto flat storage by the loop.</param>
/// <param name="AverageDecay">
/// When set, an exponential moving average of the parameters is kept with this decay, and samples are drawn with it.
/// </param>
public sealed record Network(string Name, nn.Module Module, double? AverageDecay = null);

/// <summary>What one shard of one update works on.</summary>
/// <param name="Images">Training images, (B, C, H, W) in [-1, 1]; of no use in a phase that takes no data.</param>
/// <param name="Count">B: images, or samples to generate, in this shard.</param>
/// <param name="Noise">This shard's own random numbers.</param>
public sealed record Shard(Tensor Images, int Count, NoiseSource Noise);

/// <summary>The loss of one shard: the mean over its samples, a scalar. <paramref name="Parts"/> are scalars to watch.</summary>
public sealed record ShardLoss(Tensor Loss, params IReadOnlyList<(string Name, Tensor Value)> Parts);

/// <summary>One update of some of a model's networks.</summary>
/// <param name="Name">The phase's name; its loss is reported as <c>name.loss</c>.</param>
/// <param name="Updates">Names of the networks whose parameters it changes; the others are constants in it.</param>
/// <param name="Loss">The loss of one shard.</param>
/// <param name="TakesData">Whether it looks at training images; if not, it uses up none.</param>
/// <param name="Repeat">How many updates in a row make up the phase.</param>
/// <param name="TwiceDifferentiated">
/// Whether the loss has a gradient in it, as a gradient penalty has. Its backward pass visits a module more often than
/// forward did, so nothing can be told of a gradient before the pass is over.
/// </param>
public sealed record Phase(
    string Name, IReadOnlyList<string> Updates, OptimizerOptions Optimizer, Func<Shard, ShardLoss> Loss, bool TakesData = true, int Repeat = 1,
    bool TwiceDifferentiated = false);

/// <summary>
/// A generative model as the loop sees it: networks, an ordered list of phases, and a way to draw samples. The loop
/// writes everything else once, for all families.
/// </summary>
public abstract class GenerativeModel : IDisposable
{
    public abstract IReadOnlyList<Network> Networks { get; }

    public abstract IReadOnlyList<Phase> Phases { get; }

    /// <summary>Draws samples. The caller has set evaluation mode, inference mode and averaged weights.</summary>
    /// <returns>(count, C, H, W) in [-1, 1].</returns>
    public abstract Tensor Sample(int count, NoiseSource noise);

    public void Dispose()
    {
        foreach (var network in Networks)
            network.Module.Dispose();
        GC.SuppressFinalize(this);
    }
}
