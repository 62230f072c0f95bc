using TorchSharp;

namespace GenCluster.Training.Native;

/// <summary>
/// Mixed precision on a CUDA device (Micikevicius et al. 2018; libtorch's autocast): products and convolutions compute in
/// bf16, everything else and all that is kept in float32. Not exact between devices or releases of libtorch.
/// </summary>
/// <remarks>
/// The switch belongs to the thread. bf16 has the exponents of float32, so losses need no scaling. That the switch is set is
/// tested; what it does has not been run on a GPU yet.
/// </remarks>
internal static unsafe class MixedPrecision
{
    private const sbyte Cuda = (sbyte)DeviceType.CUDA;
    private const sbyte BFloat16 = (sbyte)torch.ScalarType.BFloat16;

    public static bool IsOn => ((delegate* unmanaged[Cdecl]<sbyte, byte>)TorchExports.Find("_ZN2at8autocast19is_autocast_enabledEN3c1010DeviceTypeE"))(Cuda) != 0;

    /// <summary>Computes with mixed precision until disposed: around a forward pass, not around its backward pass.</summary>
    public static IDisposable Use()
    {
        ((delegate* unmanaged[Cdecl]<sbyte, sbyte, void>)TorchExports.Find("_ZN2at8autocast18set_autocast_dtypeEN3c1010DeviceTypeENS1_10ScalarTypeE"))(Cuda, BFloat16);
        Switch(true);
        return new End();
    }

    private static void Switch(bool on) =>
        ((delegate* unmanaged[Cdecl]<sbyte, byte, void>)TorchExports.Find("_ZN2at8autocast20set_autocast_enabledEN3c1010DeviceTypeEb"))(Cuda, on ? (byte)1 : (byte)0);

    private sealed class End : IDisposable
    {
        public void Dispose()
        {
            Switch(false);
            ((delegate* unmanaged[Cdecl]<void>)TorchExports.Find("_ZN2at8autocast11clear_cacheEv"))(); // weights that were converted change with the update
        }
    }
}
