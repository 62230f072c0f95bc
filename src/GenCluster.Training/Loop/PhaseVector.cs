using GenCluster.Collectives.Tree;
using GenCluster.Training.Models;
using GenCluster.Training.Storage;

namespace GenCluster.Training.Loop;

/// <summary>What the gang sums in an update of one phase, as parts of a slot (<see cref="SlotLayout"/>).</summary>
internal sealed class PhaseVector
{
    private readonly IReadOnlyList<NetworkStorage> all;
    private readonly Bucket tail;

    public PhaseVector(Phase phase, IReadOnlyList<NetworkStorage> all, SlotLayout layout)
    {
        this.all = all;
        tail = layout.Tail;
        Updated = [.. all.Where(network => phase.Updates.Contains(network.Name))];
    }

    public IReadOnlyList<NetworkStorage> Updated { get; }

    /// <summary>Writes what one shard has left besides its gradients, which are in the slot already.</summary>
    public void Gather(BufferKeeper start, ReadOnlySpan<float> watched, Span<float> slot)
    {
        var rest = slot.Slice(tail.Start, tail.Length);
        foreach (var network in all)
        {
            network.Buffers.CopyTo(rest);
            rest = rest[network.Buffers.Length..];
        }

        foreach (var network in all)
        {
            start.StepsOf(network, rest);
            rest = rest[network.Counters.Length..];
        }

        watched.CopyTo(rest[^SlotLayout.Watched..]);
    }

    /// <summary>
    /// Sets the buffers to the mean over all shards: exactly that for floats; integer ones take the mean step,
    /// rounded, so batch norm's count rises by one for an update, however many shards it has.
    /// </summary>
    public void ScatterBuffers(BufferKeeper start, ReadOnlySpan<float> slot, float scale)
    {
        var rest = slot.Slice(tail.Start, tail.Length);
        foreach (var network in all)
        {
            var buffers = network.Buffers;
            for (int i = 0; i < buffers.Length; i++)
                buffers[i] = rest[i] * scale;
            rest = rest[buffers.Length..];
        }

        foreach (var network in all)
        {
            start.AddSteps(network, rest, scale);
            rest = rest[network.Counters.Length..];
            network.UploadBuffers();
        }
    }

    /// <summary>The watched values of a shard, or their sum.</summary>
    public ReadOnlySpan<float> WatchedOf(ReadOnlySpan<float> slot) => slot.Slice(tail.Start + tail.Length - SlotLayout.Watched, SlotLayout.Watched);
}
