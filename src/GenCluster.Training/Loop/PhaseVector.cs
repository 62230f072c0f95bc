using GenCluster.Training.Models;
using GenCluster.Training.Storage;

namespace GenCluster.Training.Loop;

/// <summary>
/// What the gang sums in an update of one phase, as one vector:
/// <code>gradients of the updated networks | buffers of all networks | steps of their integer buffers | watched values</code>
/// Buffers and losses take the same road as gradients, so they too are the same for any number of workers.
/// </summary>
internal sealed class PhaseVector
{
    /// <summary>Room for the loss, its parts and the votes to stop.</summary>
    public const int Watched = 16;

    private readonly IReadOnlyList<NetworkStorage> all;

    public PhaseVector(Phase phase, IReadOnlyList<NetworkStorage> all)
    {
        this.all = all;
        Updated = [.. all.Where(network => phase.Updates.Contains(network.Name))];
        Gradients = Updated.Sum(network => network.Gradients.Length);
        Length = checked(Gradients + all.Sum(network => network.Buffers.Length + network.Counters.Length) + Watched);
    }

    public IReadOnlyList<NetworkStorage> Updated { get; }

    /// <summary>How many of the first numbers are gradients.</summary>
    public int Gradients { get; }

    public int Length { get; }

    /// <summary>Writes what one shard has left in the networks.</summary>
    public void Gather(BufferKeeper start, ReadOnlySpan<float> watched, Span<float> vector)
    {
        foreach (var network in Updated)
            vector = Put(network.Gradients, vector);
        foreach (var network in all)
            vector = Put(network.Buffers, vector);
        foreach (var network in all)
        {
            start.StepsOf(network, vector);
            vector = vector[network.Counters.Length..];
        }

        Put(watched, vector);
    }

    /// <summary>
    /// Sets the buffers to the mean over all shards: exactly that for floats; integer ones take the mean step,
    /// rounded, so batch norm's count rises by one for an update, however many shards it has.
    /// </summary>
    public void ScatterBuffers(BufferKeeper start, ReadOnlySpan<float> sum, float scale)
    {
        sum = sum[Gradients..];
        foreach (var network in all)
        {
            var buffers = network.Buffers;
            for (int i = 0; i < buffers.Length; i++)
                buffers[i] = sum[i] * scale;
            sum = sum[buffers.Length..];
        }

        foreach (var network in all)
        {
            start.AddSteps(network, sum, scale);
            sum = sum[network.Counters.Length..];
            network.UploadBuffers();
        }
    }

    /// <summary>The watched values within a sum.</summary>
    public static ReadOnlySpan<float> WatchedOf(ReadOnlySpan<float> sum) => sum[^Watched..];

    private static Span<float> Put(ReadOnlySpan<float> part, Span<float> vector)
    {
        part.CopyTo(vector);
        return vector[part.Length..];
    }
}
