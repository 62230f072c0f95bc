using GenCluster.Training.Models;
using GenCluster.Training.Storage;
using static TorchSharp.torch;

namespace GenCluster.Training.Loop;

/// <summary>
/// Everything that a step changes: the networks' numbers and the count of steps. Random numbers and the order of the
/// data are functions of the step and need no state.
/// </summary>
public sealed class TrainingState : IDisposable
{
    /// <summary>Takes the model's networks into flat storage on <paramref name="device"/>.</summary>
    /// <param name="mirrored">See <see cref="FlatBuffer{T}"/>; null: only where the device needs it.</param>
    /// <exception cref="NotSupportedException">A network has a tensor of a type that is not kept here.</exception>
    public TrainingState(GenerativeModel model, Device device, bool? mirrored = null)
    {
        Device = device;
        Model = model;
        Networks = [.. model.Networks.Select(network => new NetworkStorage(network, device, mirrored))];
    }

    public Device Device { get; }

    public GenerativeModel Model { get; }

    /// <summary>In the model's order.</summary>
    public IReadOnlyList<NetworkStorage> Networks { get; }

    /// <summary>Finished steps.</summary>
    public int Step { get; set; }

    /// <summary>Until disposed, the model samples: evaluation mode, no gradients, averaged weights.</summary>
    public IDisposable Sampling() => new SamplingMode(this);

    public void Dispose()
    {
        foreach (var network in Networks)
            network.Dispose();
    }

    private sealed class SamplingMode : IDisposable
    {
        private readonly TrainingState state;
        private readonly IDisposable inference;

        public SamplingMode(TrainingState state)
        {
            this.state = state;
            Enter(training: false);
            inference = inference_mode(true);
        }

        public void Dispose()
        {
            inference.Dispose();
            Enter(training: true);
        }

        private void Enter(bool training)
        {
            foreach (var network in state.Model.Networks)
                network.Module.train(training);
            foreach (var network in state.Networks)
                network.SwapAverage();
        }
    }
}
