namespace GenCluster.Training.Tests.Native;

/// <summary>
/// A temporary folder laid out like a PyTorch installation, from the libtorch that travels with the tests: its small
/// libraries as copies, so that the system takes them for others, the large one as a link.
/// </summary>
internal sealed class TorchInstallation : IDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("gencluster-torch-");

    public TorchInstallation()
    {
        Lib = root.CreateSubdirectory("torch/lib").FullName;
        foreach (string library in Directory.GetFiles(Shipped).Where(file => !file.EndsWith("libLibTorchSharp.so", StringComparison.Ordinal)))
            CopyOrLink(library, Path.Combine(Lib, Path.GetFileName(library)));
        File.WriteAllText(Path.Combine(root.FullName, "torch", "version.py"), "from typing import Optional\n__version__ = '2.10.0+test'\ncuda: Optional[str] = None\n");
    }

    public static string Shipped => Path.Combine(AppContext.BaseDirectory, "libtorch");

    public string Lib { get; }

    public TorchInstallation Without(string library)
    {
        File.Delete(Path.Combine(Lib, library));
        return this;
    }

    public TorchInstallation With(string library, params ReadOnlySpan<byte> content)
    {
        File.Delete(Path.Combine(Lib, library));
        File.WriteAllBytes(Path.Combine(Lib, library), content);
        return this;
    }

    private static void CopyOrLink(string library, string target)
    {
        if (new FileInfo(library).Length < 10_000_000)
            File.Copy(library, target);
        else
            File.CreateSymbolicLink(target, library);
    }

    public void Dispose() => root.Delete(recursive: true);
}
