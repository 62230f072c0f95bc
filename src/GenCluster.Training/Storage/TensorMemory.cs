using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace GenCluster.Training.Storage;

/// <summary>
/// Where a tensor's numbers are. TorchSharp knows, but tells it for host memory only, and the check that a gradient is
/// still at home is wanted on every device.
/// </summary>
internal static partial class TensorMemory
{
    public static nint AddressOf(Tensor tensor)
    {
        nint address = THSTensor_data(tensor.Handle);
        GC.KeepAlive(tensor);
        return address;
    }

    [LibraryImport("LibTorchSharp")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint THSTensor_data(nint tensor);
}
