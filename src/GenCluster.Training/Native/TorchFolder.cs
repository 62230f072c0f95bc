using System.Runtime.InteropServices;

namespace GenCluster.Training.Native;

/// <summary>
/// A folder with libtorch's libraries: the one that travels with the worker, or the <c>torch/lib</c> of an existing
/// PyTorch installation.
/// </summary>
internal sealed class TorchFolder
{
    /// <summary>In the order of their dependencies; those for CUDA exist only in a build of libtorch for it.</summary>
    private static readonly string[] Libraries = ["libc10.so", "libtorch_cpu.so", "libc10_cuda.so", "libtorch_cuda.so", "libtorch.so"];

    private readonly string path;
    private readonly bool shipped;

    private TorchFolder(string path, bool shipped)
    {
        this.path = System.IO.Path.GetFullPath(path);
        this.shipped = shipped;
    }

    public string Path => path;

    public static TorchFolder Shipped(string path) => new(path, shipped: true);

    public static TorchFolder Named(string path) => new(path, shipped: false);

    /// <summary>Full paths of the libraries to load, in order, each seen to be there and made for this processor.</summary>
    public IReadOnlyList<string> FindLibraries()
    {
        if (!Directory.Exists(path))
            throw Unfit(File.Exists(path) ? $"'{path}' is a file, not a folder" : $"the folder '{path}' does not exist");

        List<string> found = [];
        foreach (string name in Libraries)
        {
            string library = System.IO.Path.Combine(path, name);
            if (File.Exists(library))
                found.Add(Checked(library));
            else if (!name.Contains("cuda", StringComparison.Ordinal))
                throw Unfit(Directory.Exists(System.IO.Path.Combine(path, "lib"))
                    ? $"'{path}' holds no {name} (its subfolder 'lib' may be meant)"
                    : $"'{path}' holds no {name}");
        }

        return found;
    }

    /// <summary>What the installation says of itself; libraries do not carry their version in a readable form.</summary>
    public string ReadVersion(string shippedVersion)
    {
        if (shipped)
            return shippedVersion;

        string parent = System.IO.Path.GetDirectoryName(path) ?? path;
        string stated = System.IO.Path.Combine(parent, "build-version"); // libtorch's own archives
        if (File.Exists(stated))
            return File.ReadAllText(stated).Trim();

        string python = System.IO.Path.Combine(parent, "version.py");
        string? line = File.Exists(python) ? File.ReadLines(python).FirstOrDefault(line => line.StartsWith("__version__", StringComparison.Ordinal)) : null;
        return line?.Split('\'', '"') is [_, var version, ..] ? version : "of unknown version";
    }

    public NativeTorchException Unfit(string problem, Exception? inner = null) => new(
        shipped
            ? $"libtorch cannot be loaded: {problem}; build or install the worker again, or set {NativeTorch.FolderVariable} to the torch/lib folder of a PyTorch installation"
            : $"libtorch cannot be loaded from {NativeTorch.FolderVariable}: {problem}; set it to the torch/lib folder of a PyTorch installation for this processor, or unset it to use the libtorch that comes with the worker",
        inner);

    private string Checked(string library)
    {
        Span<byte> header = stackalloc byte[20];
        int length;
        try
        {
            using var file = File.OpenRead(library);
            length = file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Unfit($"'{library}' cannot be read ({problem.Message})", problem);
        }

        if (length < header.Length || !header.StartsWith("\u007fELF"u8))
            throw Unfit($"'{library}' is not a Linux library");

        // Offsets 4 and 18 of the ELF header: e_ident[EI_CLASS], and e_machine (System V ABI, chapter 4).
        int machine = header[18] | header[19] << 8;
        if (header[4] != 2 || machine != ExpectedMachine)
            throw Unfit($"'{library}' is made for {MachineName(machine)}, this process runs on {MachineName(ExpectedMachine)}");
        return library;
    }

    private static int ExpectedMachine => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 183 : 62;

    private static string MachineName(int machine) => machine switch
    {
        3 => "x86 (32 bit)",
        40 => "arm (32 bit)",
        62 => "x64",
        183 => "arm64",
        _ => $"another processor (ELF machine {machine})",
    };
}
