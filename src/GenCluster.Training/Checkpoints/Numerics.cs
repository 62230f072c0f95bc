using System.Runtime.Intrinsics.X86;
using GenCluster.Training.Native;
using static TorchSharp.torch;

namespace GenCluster.Training.Checkpoints;

/// <summary>
/// What the bits of a result depend on besides the trial's definition: the kind of device, the vector instructions
/// that libtorch chooses its kernels by, the threads inside an operation, and libtorch itself.
/// </summary>
public static class Numerics
{
    /// <summary>One line, such as <c>cpu avx2 threads=1 libtorch=2.10.0</c>. Compared on resume.</summary>
    public static string Describe(Device device, int threads) => string.Join(
        ' ', device.type.ToString().ToLowerInvariant(), Instructions, $"threads={threads}", $"libtorch={NativeTorch.Load().Version}");

    private static string Instructions => Avx512F.IsSupported ? "avx512" : Avx2.IsSupported ? "avx2" : "baseline";
}
