using System.Runtime.InteropServices;
using TorchSharp;

namespace GenCluster.Training.Native;

/// <summary>
/// The switches that decide whether a CUDA device gives the same bits each time: deterministic algorithms only, no choice
/// of kernels by timing, and no products of 19 bits (TF32) where 32 are written. All in one place, for the whole process.
/// </summary>
/// <remarks>
/// TorchSharp passes on only those for TF32; the others are reached in libtorch itself, by the names its compiler gave
/// them (Itanium C++ ABI). That they are set is tested; what they do has not been run on a GPU yet.
/// </remarks>
public static unsafe class CudaNumerics
{
    /// <summary>Read by cuBLAS when it starts: with a workspace of its own, every product takes the same road (NVIDIA, cuBLAS, section 2.1.4).</summary>
    private const string CublasWorkspace = "CUBLAS_WORKSPACE_CONFIG";

    /// <summary>Sets the switches; to be called before the device is used for the first time.</summary>
    /// <param name="exact">
    /// True: equal bits on equal devices; an operation that has no such algorithm fails with a message that says so.
    /// False: the fastest kernels, TF32 among them.
    /// </param>
    public static void Apply(bool exact)
    {
        nint context = Context;
        Call("_ZN2at7Context26setDeterministicAlgorithmsEbb", context, exact, false);
        Call("_ZN2at7Context39setDeterministicFillUninitializedMemoryEb", context, false); // costs time, and nothing here reads such memory
        Call("_ZN2at7Context21setDeterministicCuDNNEb", context, exact);
        Call("_ZN2at7Context17setBenchmarkCuDNNEb", context, !exact);
        torch.backends.cuda.matmul.allow_tf32 = !exact;
        torch.backends.cudnn.allow_tf32 = !exact;
        if (exact)
            CLibrary.TrySetEnvironment(CublasWorkspace, ":4096:8");
    }

    /// <summary>Whether only deterministic algorithms are used and no kernel is chosen by its time.</summary>
    public static bool IsExact
    {
        get
        {
            nint context = Context;
            return Ask("_ZNK2at7Context23deterministicAlgorithmsEv", context) && Ask("_ZNK2at7Context18deterministicCuDNNEv", context)
                && !Ask("_ZNK2at7Context14benchmarkCuDNNEv", context)
                && !torch.backends.cuda.matmul.allow_tf32 && !torch.backends.cudnn.allow_tf32;
        }
    }

    private static nint Context => ((delegate* unmanaged[Cdecl]<nint>)TorchExports.Find("_ZN2at13globalContextEv"))();

    private static void Call(string name, nint context, bool value) =>
        ((delegate* unmanaged[Cdecl]<nint, byte, void>)TorchExports.Find(name))(context, Byte(value));

    private static void Call(string name, nint context, bool value, bool second) =>
        ((delegate* unmanaged[Cdecl]<nint, byte, byte, void>)TorchExports.Find(name))(context, Byte(value), Byte(second));

    private static bool Ask(string name, nint context) => ((delegate* unmanaged[Cdecl]<nint, byte>)TorchExports.Find(name))(context) != 0;

    private static byte Byte(bool value) => value ? (byte)1 : (byte)0;
}
