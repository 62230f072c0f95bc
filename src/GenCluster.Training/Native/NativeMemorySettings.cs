namespace GenCluster.Training.Native;

/// <summary>
/// Settings of glibc's allocator for a process that trains. libtorch gives every activation back and asks for it again
/// a moment later; by default each large one is then mapped, cleared page by page and unmapped anew. With these settings
/// memory that was used once stays in the process. Elsewhere than on glibc nothing happens.
/// </summary>
public static class NativeMemorySettings
{
    private const int TrimThreshold = -1, TopPad = -2, MmapMax = -4; // malloc.h

    private static readonly Lazy<bool> Applied = new(() =>
        CLibrary.TryTuneAllocator(MmapMax, 0)
        && CLibrary.TryTuneAllocator(TrimThreshold, int.MaxValue)
        && CLibrary.TryTuneAllocator(TopPad, 64 << 20));

    /// <summary>Applies them, once for the process.</summary>
    /// <returns>Whether they hold.</returns>
    public static bool Apply() => Applied.Value;
}
