namespace GenCluster.Training.Native;

/// <summary>
/// Memory of the host that a CUDA device copies from and to at full speed, because it stays where it is. To be disposed
/// before the memory is given back.
/// </summary>
/// <remarks>Has not been run on a GPU yet.</remarks>
public sealed class PinnedMemory : IDisposable
{
    private readonly CudaRuntime cuda;
    private nint address;

    private PinnedMemory(CudaRuntime cuda, nint address) => (this.cuda, this.address) = (cuda, address);

    /// <summary>Pins memory, best on whole pages; null where there is no CUDA or it refuses: copies are then slower, no more.</summary>
    public static PinnedMemory? TryPin(nint address, nint bytes) =>
        CudaRuntime.OfThisProcess is { } cuda && cuda.TryRegister(address, bytes) ? new PinnedMemory(cuda, address) : null;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref address, 0) is var pinned and not 0)
            cuda.TryUnregister(pinned);
    }
}
