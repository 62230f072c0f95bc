using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace GenCluster.Training.Storage;

/// <summary>Tensors and the memory that they lie in, where TorchSharp has no word for it.</summary>
internal static unsafe partial class TensorMemory
{
    /// <summary>
    /// Where a tensor's numbers are. TorchSharp tells it for host memory only, and the check that a gradient is still at
    /// home is wanted on every device.
    /// </summary>
    public static nint AddressOf(Tensor tensor)
    {
        nint address = THSTensor_data(tensor.Handle);
        GC.KeepAlive(tensor);
        return address;
    }

    /// <summary>A tensor over memory that is not libtorch's and that outlives it, of no dispose scope.</summary>
    public static Tensor Over(nint address, long length, ScalarType type)
    {
        nint handle = THSTensor_new(address, &LetBe, &length, 1, (sbyte)type, (sbyte)type, (int)DeviceType.CPU, -1, 0);
        if (handle == 0)
            CheckForErrors();
        return Tensor.UnsafeCreateTensor(handle).DetachFromDisposeScope();
    }

    /// <summary>libtorch's end of its use of the memory, which means nothing to its owner.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void LetBe(nint memory)
    {
    }

    [LibraryImport("LibTorchSharp")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint THSTensor_data(nint tensor);

    [LibraryImport("LibTorchSharp")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint THSTensor_new(
        nint memory, delegate* unmanaged[Cdecl]<nint, void> deleter, long* shape, int dimensions, sbyte type, sbyte wanted, int device, int index, byte requiresGrad);
}
