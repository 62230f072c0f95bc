using System.Runtime.InteropServices;

namespace GenCluster.Training.Native;

/// <summary>
/// The few functions of the CUDA runtime that TorchSharp does not pass on, from the very library that libtorch uses.
/// A failure is an answer, not an exception: everything that is done with it has a slower way beside it.
/// </summary>
/// <remarks>Written after the CUDA runtime's documentation; no part of it has been run on a GPU yet.</remarks>
internal sealed unsafe class CudaRuntime
{
    private const int Success = 0;

    private readonly delegate* unmanaged[Cdecl]<nint, nuint, uint, int> hostRegister;
    private readonly delegate* unmanaged[Cdecl]<nint, int> hostUnregister;
    private readonly delegate* unmanaged[Cdecl]<nint*, uint, int> streamCreate;
    private readonly delegate* unmanaged[Cdecl]<nint, nint, uint, int> streamWaitEvent;
    private readonly delegate* unmanaged[Cdecl]<nint, int> streamSynchronize;
    private readonly delegate* unmanaged[Cdecl]<nint*, uint, int> eventCreate;
    private readonly delegate* unmanaged[Cdecl]<nint, nint, int> eventRecord;
    private readonly delegate* unmanaged[Cdecl]<nint, nint, nuint, int, nint, int> copyAsync;

    private readonly delegate* unmanaged[Cdecl]<nuint*, nuint*, int> memGetInfo;

    private CudaRuntime(nint library)
    {
        memGetInfo = (delegate* unmanaged[Cdecl]<nuint*, nuint*, int>)NativeLibrary.GetExport(library, "cudaMemGetInfo");
        hostRegister = (delegate* unmanaged[Cdecl]<nint, nuint, uint, int>)NativeLibrary.GetExport(library, "cudaHostRegister");
        hostUnregister = (delegate* unmanaged[Cdecl]<nint, int>)NativeLibrary.GetExport(library, "cudaHostUnregister");
        streamCreate = (delegate* unmanaged[Cdecl]<nint*, uint, int>)NativeLibrary.GetExport(library, "cudaStreamCreateWithFlags");
        streamWaitEvent = (delegate* unmanaged[Cdecl]<nint, nint, uint, int>)NativeLibrary.GetExport(library, "cudaStreamWaitEvent");
        streamSynchronize = (delegate* unmanaged[Cdecl]<nint, int>)NativeLibrary.GetExport(library, "cudaStreamSynchronize");
        eventCreate = (delegate* unmanaged[Cdecl]<nint*, uint, int>)NativeLibrary.GetExport(library, "cudaEventCreateWithFlags");
        eventRecord = (delegate* unmanaged[Cdecl]<nint, nint, int>)NativeLibrary.GetExport(library, "cudaEventRecord");
        copyAsync = (delegate* unmanaged[Cdecl]<nint, nint, nuint, int, nint, int>)NativeLibrary.GetExport(library, "cudaMemcpyAsync");
    }

    /// <summary>The runtime of this process's libtorch; null where there is no CUDA.</summary>
    public static CudaRuntime? OfThisProcess => Opened.Value;

    private static readonly Lazy<CudaRuntime?> Opened = new(() => NativeTorch.CudaAvailable ? TryOpen(NativeTorch.Load().Folder) : null);

    /// <summary>
    /// Opens the runtime: the library beside libtorch, or one that libtorch has brought into the process from elsewhere,
    /// as in a PyTorch installation. The system's loader answers with a library that is there already.
    /// </summary>
    internal static CudaRuntime? TryOpen(string torchFolder)
    {
        IEnumerable<string> beside = Directory.Exists(torchFolder) ? Directory.EnumerateFiles(torchFolder, "libcudart*.so*") : [];
        foreach (string name in beside.Concat(["libcudart.so.13", "libcudart.so.12", "libcudart.so.11.0"]))
        {
            try
            {
                if (NativeLibrary.TryLoad(name, out nint library))
                    return new CudaRuntime(library);
            }
            catch (EntryPointNotFoundException)
            {
                // Another kind of library by that name.
            }
        }

        return null;
    }

    /// <summary>Bytes of the device's memory that are free, and all of them; null when it does not tell.</summary>
    public (double Free, double Total)? Memory
    {
        get
        {
            nuint free = 0, total = 0;
            return memGetInfo(&free, &total) == Success ? (free, total) : null;
        }
    }

    /// <summary>Makes host memory reachable for the device's copy engines; cudaHostRegisterDefault.</summary>
    public bool TryRegister(nint address, nint bytes) => hostRegister(address, (nuint)bytes, 0) == Success;

    public bool TryUnregister(nint address) => hostUnregister(address) == Success;

    /// <summary>A stream that does not wait for the default one; cudaStreamNonBlocking.</summary>
    public bool TryCreateStream(out nint stream)
    {
        nint created = 0;
        bool made = streamCreate(&created, 1) == Success;
        stream = created;
        return made;
    }

    /// <summary>An event without a time; cudaEventDisableTiming.</summary>
    public bool TryCreateEvent(out nint created)
    {
        nint made = 0;
        bool done = eventCreate(&made, 2) == Success;
        created = made;
        return done;
    }

    /// <summary>Lets <paramref name="stream"/> wait for what <paramref name="other"/> has been given so far.</summary>
    public bool TryFollow(nint stream, nint other, nint @event) => eventRecord(@event, other) == Success && streamWaitEvent(stream, @event, 0) == Success;

    /// <summary>Queues a copy from device to host memory; cudaMemcpyDeviceToHost.</summary>
    public bool TryCopyToHost(nint host, nint device, nint bytes, nint stream) => copyAsync(host, device, (nuint)bytes, 2, stream) == Success;

    /// <summary>Waits until a stream has nothing left to do.</summary>
    public bool TryWait(nint stream) => streamSynchronize(stream) == Success;
}
