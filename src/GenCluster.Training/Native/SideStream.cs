namespace GenCluster.Training.Native;

/// <summary>
/// A second queue of work of the CUDA device, for copies to the host while the first one computes. TorchSharp knows only
/// the default stream, so this is the whole of it: a copy waits for what that stream has been given before, nothing else.
/// </summary>
/// <remarks>No part of it has been run on a GPU yet.</remarks>
internal sealed class SideStream
{
    private const nint DefaultStream = 0;

    private static readonly Lazy<SideStream?> Opened = new(TryOpen);

    private readonly CudaRuntime cuda;
    private readonly nint stream;
    private readonly nint mark;

    private SideStream(CudaRuntime cuda, nint stream, nint mark) => (this.cuda, this.stream, this.mark) = (cuda, stream, mark);

    /// <summary>The process's one side stream; null where there is no CUDA.</summary>
    public static SideStream? OfThisProcess => Opened.Value;

    /// <summary>Queues a copy of what the default stream, with all that it has been given so far, leaves at <paramref name="device"/>.</summary>
    /// <exception cref="InvalidOperationException">The device refuses.</exception>
    public void CopyToHost(nint host, nint device, nint bytes)
    {
        if (!cuda.TryFollow(stream, DefaultStream, mark) || !cuda.TryCopyToHost(host, device, bytes, stream))
            throw Refused("a copy to the host could not be queued");
    }

    /// <summary>Waits for all copies.</summary>
    /// <exception cref="InvalidOperationException">One has failed.</exception>
    public void Wait()
    {
        if (!cuda.TryWait(stream))
            throw Refused("a copy to the host has failed");
    }

    private static SideStream? TryOpen() =>
        CudaRuntime.OfThisProcess is { } cuda && cuda.TryCreateStream(out nint stream) && cuda.TryCreateEvent(out nint mark)
            ? new SideStream(cuda, stream, mark)
            : null;

    private static InvalidOperationException Refused(string what) =>
        new($"CUDA: {what}; the device has failed before, and its memory cannot be trusted: start the worker again");
}
