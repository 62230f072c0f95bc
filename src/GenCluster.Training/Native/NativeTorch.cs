using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;

namespace GenCluster.Training.Native;

/// <summary>
/// Loads libtorch and TorchSharp's native bridge by full path, before TorchSharp looks for them. A worker calls
/// <see cref="Load"/> once, first of all; whatever is wrong with the libraries is then told in one sentence.
/// </summary>
/// <remarks>
/// The libraries lie outside the runtime's search path (see build/TorchNative.targets). TorchSharp asks for them by
/// bare name; the system's loader answers with those already in the process, which it knows by the same name. So a
/// second libtorch can never get in, and the bridge binds to the libtorch that was loaded before it.
/// </remarks>
public static class NativeTorch
{
    /// <summary>Names the folder of another libtorch, that of a PyTorch installation for example.</summary>
    public const string FolderVariable = "GENCLUSTER_LIBTORCH";

    private const string Bridge = "libLibTorchSharp.so";

    private static readonly Lazy<IntPtr> BridgeHandle = new(LoadLibraries);
    private static readonly Lazy<LoadedTorch> Loaded = new(Start);

    public static bool CudaAvailable => Load().CudaAvailable;

    /// <summary>Loads libtorch; does nothing if it is there already.</summary>
    /// <exception cref="NativeTorchException">It is missing, or unfit for this machine.</exception>
    public static LoadedTorch Load() => Loaded.Value;

    /// <summary>Code that uses TorchSharp without having called <see cref="Load"/>, such as a test, gets the same libraries.</summary>
    [ModuleInitializer]
    internal static void AnswerTorchSharp() => AssemblyLoadContext.Default.ResolvingUnmanagedDll += (asking, name) =>
        asking == typeof(torch).Assembly && name is "torch_cpu" or "LibTorchSharp" ? BridgeHandle.Value : IntPtr.Zero;

    private static string ShippedFolder => Path.Combine(AppContext.BaseDirectory, "libtorch");

    private static TorchFolder ChosenFolder => Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } named
        ? TorchFolder.Named(named)
        : TorchFolder.Shipped(ShippedFolder);

    private static IntPtr LoadLibraries()
    {
        var folder = ChosenFolder;
        foreach (string library in folder.FindLibraries())
            LoadLibrary(library, folder);

        string bridge = Path.Combine(ShippedFolder, Bridge);
        return File.Exists(bridge)
            ? LoadLibrary(bridge, folder)
            : throw TorchFolder.Shipped(ShippedFolder).Unfit($"'{ShippedFolder}' holds no {Bridge}");
    }

    private static IntPtr LoadLibrary(string library, TorchFolder folder)
    {
        try
        {
            return NativeLibrary.Load(library);
        }
        catch (Exception problem) when (problem is DllNotFoundException or BadImageFormatException)
        {
            // The system's own reason is the last line of a long text about how to debug this.
            string reason = problem.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1];
            throw folder.Unfit($"the system refuses '{library}' ({reason})", problem);
        }
    }

    private static LoadedTorch Start()
    {
        NativeMemorySettings.Apply();
        _ = BridgeHandle.Value;
        var folder = ChosenFolder;
        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
            return new LoadedTorch(folder.Path, folder.ReadVersion(torch.__version__), torch.cuda.is_available());
        }
        catch (Exception problem) when (problem is TypeInitializationException or NotSupportedException or EntryPointNotFoundException or ExternalException)
        {
            throw folder.Unfit($"TorchSharp cannot work with it ({problem.GetBaseException().Message})", problem);
        }
    }
}
