using System.Runtime.InteropServices;

namespace GenCluster.Training.Native;

/// <summary>Functions of libtorch that TorchSharp does not pass on, by the names its compiler gave them (Itanium C++ ABI).</summary>
internal static class TorchExports
{
    private const string Library = "libtorch_cpu.so";

    /// <exception cref="NativeTorchException">This libtorch does not have it.</exception>
    public static nint Find(string name)
    {
        string path = Path.Combine(NativeTorch.Load().Folder, Library);
        return NativeLibrary.TryGetExport(NativeLibrary.Load(path), name, out nint function)
            ? function
            : throw new NativeTorchException($"'{path}' has no {name}, which this training needs; use the libtorch that comes with the worker, or one of its release");
    }
}
