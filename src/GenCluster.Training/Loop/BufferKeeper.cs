using GenCluster.Training.Storage;

namespace GenCluster.Training.Loop;

/// <summary>
/// Keeps the networks' buffers as they were at the start of an update. Every shard starts from these values, so what it
/// leaves does not depend on the shards that the same worker ran before it.
/// </summary>
internal sealed class BufferKeeper(IReadOnlyList<NetworkStorage> networks)
{
    private readonly Dictionary<NetworkStorage, (float[] Buffers, long[] Counters)> kept =
        networks.ToDictionary(network => network, network => (new float[network.Buffers.Length], new long[network.Counters.Length]));

    public void Remember()
    {
        foreach (var (network, (buffers, counters)) in kept)
        {
            network.Buffers.CopyTo(buffers);
            network.Counters.CopyTo(counters);
        }
    }

    public void Restore()
    {
        foreach (var (network, (buffers, counters)) in kept)
        {
            buffers.CopyTo(network.Buffers);
            counters.CopyTo(network.Counters);
            network.UploadBuffers();
        }
    }

    /// <summary>Writes by how much the integer buffers have changed since the start; exact up to 2^24.</summary>
    public void StepsOf(NetworkStorage network, Span<float> steps)
    {
        long[] start = kept[network].Counters;
        for (int i = 0; i < start.Length; i++)
            steps[i] = network.Counters[i] - start[i];
    }

    /// <summary>Sets the integer buffers to their start and the mean of all shards' changes.</summary>
    public void AddSteps(NetworkStorage network, ReadOnlySpan<float> sum, float scale)
    {
        long[] start = kept[network].Counters;
        for (int i = 0; i < start.Length; i++)
            network.Counters[i] = start[i] + (long)MathF.Round(sum[i] * scale);
    }
}
