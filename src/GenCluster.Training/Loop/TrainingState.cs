using GenCluster.Collectives.Memory;
using GenCluster.Collectives.Tree;
using GenCluster.Core.Trials;
using GenCluster.Training.Models;
using GenCluster.Training.Storage;
using static TorchSharp.torch;

namespace GenCluster.Training.Loop;

/// <summary>
/// Everything that training changes: the networks' numbers, the position, and what was heard on the way. Random numbers
/// and the order of the data are functions of the position and need no state.
/// </summary>
public sealed class TrainingState : IDisposable
{
    /// <summary>Takes the model's networks into flat storage on <paramref name="device"/>.</summary>
    /// <param name="shards">The trial's shards: room is made for any division of them.</param>
    /// <param name="rounds">Whether replicas train alone for rounds.</param>
    /// <param name="overlaps">Whether gradients are to be summed while others are still computed.</param>
    /// <param name="coded">Whether gradients are to be encoded in the sum.</param>
    /// <param name="mirrored">See <see cref="FlatBuffer{T}"/>; null: only where the device needs it.</param>
    /// <exception cref="NotSupportedException">A network has a tensor of a type that is not kept here.</exception>
    public TrainingState(GenerativeModel model, Device device, int shards = 1, bool rounds = false, bool overlaps = false, bool coded = false, bool? mirrored = null)
    {
        Device = device;
        Model = model;
        Overlaps = overlaps;
        Layout = new SlotLayout(model, rounds, pieces: overlaps || coded); // alike for both, so that overlap does not show in what is encoded
        Memory = new VectorMemory(Layout.Capacity, shards);
        Networks = [.. model.Networks.Select((network, i) => new NetworkStorage(network, device, HomeOf(i), mirrored))];
        OuterMomentum = [.. Networks.Select(network => new float[rounds ? network.Parameters.Length : 0])];
        PartNames = [.. model.Phases.Select(_ => Array.Empty<string>())];
    }

    public Device Device { get; }

    public GenerativeModel Model { get; }

    /// <summary>In the model's order.</summary>
    public IReadOnlyList<NetworkStorage> Networks { get; }

    /// <summary>Where gradients are computed and summed; slot 0 holds the networks' own.</summary>
    public VectorMemory Memory { get; }

    /// <summary>What a gang's plan must be made for.</summary>
    public VectorLayout Vectors => Layout.Vectors;

    /// <summary>The memory of the outer optimizer of each network; empty where there is none.</summary>
    public IReadOnlyList<float[]> OuterMomentum { get; }

    /// <summary>How far training is.</summary>
    public Position Position { get; set; }

    /// <summary>Finished steps.</summary>
    public int Step => Position.Step;

    /// <summary>The losses of the step that was finished last.</summary>
    public IReadOnlyList<Metric> Losses { get; internal set; } = [];

    /// <summary>What members have asked for in the coming step.</summary>
    public Votes Votes { get; internal set; }

    /// <summary>Every evaluation that this member has heard of, the oldest first.</summary>
    public List<MetricReport> Reports { get; } = [];

    internal SlotLayout Layout { get; }

    internal bool Overlaps { get; }

    /// <summary>The losses of the coming step as far as it has come.</summary>
    internal SortedDictionary<string, double> OpenLosses { get; } = new(StringComparer.Ordinal);

    /// <summary>The names of each phase's parts of the loss; empty until they are known.</summary>
    internal string[][] PartNames { get; }

    /// <summary>Until disposed, the model samples: evaluation mode, no gradients, averaged weights.</summary>
    public IDisposable Sampling() => new SamplingMode(this);

    public void Dispose()
    {
        foreach (var network in Networks)
            network.Dispose();
        Memory.Dispose();
    }

    private GradientHome HomeOf(int network)
    {
        var place = Layout.GradientsOf(network);
        return new GradientHome(Memory.AddressOf(0) + ((nint)place.Start * sizeof(float)), place.Length);
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
