using GenCluster.Core.Randomness;
using GenCluster.Training.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace GenCluster.Benchmarks.Training;

/// <summary>
/// The same model and losses as a user of TorchSharp would train them: tensors where the modules made them, TorchSharp's
/// Adam, an allocator as the process came with it.
/// </summary>
internal sealed class PlainTraining : ITraining
{
    private readonly GenerativeModel model = BenchmarkModel.Create();
    private readonly Dictionary<string, optim.Optimizer> optimizers;
    private readonly Tensor images;
    private readonly int batch;
    private uint step;

    public PlainTraining(int batch)
    {
        this.batch = batch;
        images = (rand(batch, 1, Dcgan.ImageSize, Dcgan.ImageSize) * 2 - 1).DetachFromDisposeScope();
        optimizers = model.Networks.ToDictionary(
            network => network.Name, network => (optim.Optimizer)optim.Adam(network.Module.parameters(), 2e-4, 0.5, 0.999));
    }

    public void Step()
    {
        foreach (var phase in model.Phases)
            Update(phase);
        step++;
    }

    public void Optimize()
    {
        using var scope = NewDisposeScope();
        foreach (var optimizer in optimizers.Values)
            optimizer.step();
    }

    public void Dispose()
    {
        foreach (var optimizer in optimizers.Values)
            optimizer.Dispose();
        images.Dispose();
        model.Dispose();
    }

    private void Update(Phase phase)
    {
        using var scope = NewDisposeScope();
        foreach (var network in model.Networks)
        {
            bool learns = phase.Updates.Contains(network.Name);
            foreach (var parameter in network.Module.parameters())
                parameter.requires_grad = learns;
        }

        foreach (string name in phase.Updates)
            optimizers[name].zero_grad();
        var noise = new NoiseSource(new RandomStream(seed: 7, new StreamAddress(StreamPurpose.Training, step)), CPU);
        var loss = phase.Loss(new Shard(images, batch, noise)).Loss;
        loss.backward();
        foreach (string name in phase.Updates)
            optimizers[name].step();
        if (!float.IsFinite(loss.item<float>()))
            throw new BenchmarkException($"the loss of phase '{phase.Name}' is not finite");
    }
}
