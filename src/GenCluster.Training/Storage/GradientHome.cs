namespace GenCluster.Training.Storage;

/// <summary>
/// Memory of the host for the gradients of one network, such as a part of a gang's vector memory: what backward passes
/// write is then where it is summed, without a copy. The owner keeps it alive as long as any tensor of the network.
/// </summary>
/// <param name="Address">A multiple of <see cref="Alignment"/>.</param>
/// <param name="Length">In numbers: <see cref="NetworkStorage.GradientLength"/>.</param>
public readonly record struct GradientHome(nint Address, int Length)
{
    /// <summary>In bytes: one 512-bit vector, and a line of the cache.</summary>
    public const int Alignment = 64;
}
