namespace GenCluster.Worker.Programs;

/// <summary>A file of a folder.</summary>
/// <param name="Path">Within the folder, with <c>/</c> between its parts.</param>
/// <param name="Changed">The time of its last change, to be compared with itself only.</param>
internal sealed record ListedFile(string Path, long Length, long Changed, UnixFileMode Mode);

/// <summary>The files of a folder that is to be handed over.</summary>
internal static class FolderListing
{
    private const UnixFileMode Permissions = (UnixFileMode)0x1FF;

    private static readonly EnumerationOptions Everywhere = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    /// <summary>All files but links and unfinished ones (<c>*.tmp</c>), sorted by path.</summary>
    /// <exception cref="IOException">Something changed while one looked, or cannot be read.</exception>
    public static IReadOnlyList<ListedFile> Of(string folder) => !Directory.Exists(folder) ? [] :
    [
        .. new DirectoryInfo(folder).EnumerateFiles("*", Everywhere)
            .Where(file => !file.Name.EndsWith(".tmp", StringComparison.Ordinal))
            .Select(file => new ListedFile(
                Path.GetRelativePath(folder, file.FullName), file.Length, file.LastWriteTimeUtc.Ticks, file.UnixFileMode & Permissions))
            .OrderBy(file => file.Path, StringComparer.Ordinal),
    ];
}
