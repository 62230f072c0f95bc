namespace GenCluster.Training.Native;

/// <summary>The libtorch that this process runs on.</summary>
/// <param name="Folder">Where its libraries lie.</param>
/// <param name="Version">As its own installation states it, such as <c>2.10.0+cpu</c>.</param>
/// <param name="CudaAvailable">Whether it can use a CUDA device of this machine.</param>
public sealed record LoadedTorch(string Folder, string Version, bool CudaAvailable)
{
    public string Description => $"libtorch {Version} ({(CudaAvailable ? "CUDA" : "CPU")}) from {Folder}";
}
