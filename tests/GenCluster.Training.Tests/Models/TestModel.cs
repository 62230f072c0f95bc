using GenCluster.Core.Models;
using GenCluster.Core.Parameters;
using GenCluster.Core.Randomness;
using GenCluster.Training.Models;
using GenCluster.Training.Storage;
using TorchSharp;
using static TorchSharp.torch;

namespace GenCluster.Training.Tests.Models;

/// <summary>Small models, shards of eight simple images, and the part of the loop that a test of a model needs.</summary>
internal static class TestModel
{
    public const int Images = 8;

    /// <summary>The catalogue's defaults, with some of them replaced.</summary>
    public static Assignment Settings(string model, params (string Path, ParameterValue Value)[] replaced)
    {
        var defaults = new Assignment([.. ModelCatalogue.Find(model)!.Hyperparameters.Select(h => new Setting(h.Path, h.Default))]);
        return defaults.With(new Assignment([.. replaced.Select(r => new Setting(r.Path, r.Value))]));
    }

    public static NoiseSource Noise(uint step = 0) => new(new RandomStream(seed: 7, new StreamAddress(StreamPurpose.Training, step)), CPU);

    /// <summary>White rectangles on black, each another one, (8, channels, 32, 32).</summary>
    public static Tensor Rectangles(int channels = 1)
    {
        var images = full([Images, channels, 32, 32], -1f);
        for (int i = 0; i < Images; i++)
            images[i, .., (2 + i)..(20 + i), (12 - i)..(26 - i)] = 1;
        return images;
    }

    public static Shard Shard(uint step = 0, int channels = 1) => new(Rectangles(channels), Images, Noise(step));

    /// <summary>One update as the loop makes it: only the phase's networks have gradients.</summary>
    public static float Update(GenerativeModel model, Phase phase, optim.Optimizer adam, int channels = 1)
    {
        using var scope = NewDisposeScope();
        float loss = Backward(model, phase, channels);
        adam.step();
        return loss;
    }

    /// <summary>Loss and gradients of the phase's networks, the others frozen.</summary>
    public static float Backward(GenerativeModel model, Phase phase, int channels = 1)
    {
        using var scope = NewDisposeScope();
        foreach (var network in model.Networks)
        {
            network.Module.zero_grad();
            foreach (var parameter in network.Module.parameters())
                parameter.requires_grad = phase.Updates.Contains(network.Name);
        }

        var loss = phase.Loss(Shard(channels: channels)).Loss;
        loss.backward();
        return loss.item<float>();
    }

    /// <summary>Loss and gradients of networks that live in flat buffers, of which those of the phase learn.</summary>
    public static float BackwardAtHome(
        GenerativeModel model, IReadOnlyList<NetworkStorage> storages, Phase phase, int channels = 1, uint step = 0)
    {
        using var scope = NewDisposeScope();
        foreach (var storage in storages)
        {
            storage.Learn(phase.Updates.Contains(storage.Name));
            storage.ClearGradients();
        }

        foreach (var network in model.Networks)
            network.Module.train();
        var loss = phase.Loss(Shard(step, channels)).Loss;
        loss.backward();
        foreach (var storage in storages)
            storage.Download();
        return loss.item<float>();
    }

    public static optim.Optimizer AdamOf(GenerativeModel model, Phase phase, double learningRate) =>
        optim.Adam(Updated(model, phase).SelectMany(n => n.Module.parameters()), learningRate);

    public static IEnumerable<Network> Updated(GenerativeModel model, Phase phase) => model.Networks.Where(n => phase.Updates.Contains(n.Name));

    public static Tensor Samples(GenerativeModel model, int count, NoiseSource noise)
    {
        foreach (var network in model.Networks)
            network.Module.eval();
        using (inference_mode())
            return model.Sample(count, noise);
    }

    /// <summary>Names and shapes of all tensors, as a checkpoint holds them; types where they are not float32.</summary>
    public static string StateNames(GenerativeModel model) => string.Join('\n',
        from network in model.Networks
        from entry in network.Module.state_dict()
        let type = entry.Value.dtype == float32 ? "" : $" {entry.Value.dtype}"
        select $"{network.Name}.{entry.Key} ({string.Join(", ", entry.Value.shape)}){type}");
}
