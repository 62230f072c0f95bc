using System.Globalization;
using System.Security.Cryptography;
using GenCluster.Core.Checkpoints;

namespace GenCluster.Checkpoints;

/// <summary>
/// Blobs of one trial in a folder of its own, with a folder in it for each space, and in that a file for each blob, named
/// by the SHA-256 of its content. The folder may be on a disk that several machines share.
/// </summary>
public sealed class DirectoryCheckpointStore : ICheckpointStore
{
    private readonly string folder;
    private readonly long space;
    private readonly Func<string, FileStream> createTemp;

    /// <param name="folder">It is created when the first blob is put.</param>
    /// <param name="space">Where this writer puts: the epoch of its lease.</param>
    public DirectoryCheckpointStore(string folder, long space)
        : this(folder, space, DurableFile.CreateTemp)
    {
    }

    internal DirectoryCheckpointStore(string folder, long space, Func<string, FileStream> createTemp)
    {
        this.folder = Path.GetFullPath(folder);
        this.space = space;
        this.createTemp = createTemp;
    }

    public BlobRef Put(string name, Action<Stream> write)
    {
        string own = FolderOf(space);
        DurableFile.CreateFolder(own);
        string temp = DurableFile.TempFor(Path.Combine(own, "blob"));
        try
        {
            using var file = createTemp(temp);
            var blob = new BlobRef(name, Fill(file, write), file.Length, space);
            string path = PathOf(blob);
            if (new FileInfo(path) is { Exists: true } present && present.Length == blob.Length)
            {
                File.Delete(temp);
                DurableFile.SyncFolder(own); // whoever wrote it may have died before doing so
                return blob;
            }

            file.Flush(flushToDisk: true);
            DurableFile.Rename(temp, path);
            return blob;
        }
        catch (Exception e)
        {
            DurableFile.Discard(temp);
            if (DurableFile.IsFailure(e))
                throw DurableFile.Explain(folder, e);
            throw;
        }
    }

    public byte[] Get(BlobRef blob)
    {
        if (!BlobKey.IsHash(blob.Sha256) || blob.Space < 0)
            throw new CorruptBlobException(blob, "not named by a SHA-256");

        var file = new FileInfo(PathOf(blob));
        if (!file.Exists)
            throw new CorruptBlobException(blob, $"missing from '{folder}'", isMissing: true);
        if (file.Length != blob.Length)
            throw new CorruptBlobException(blob, $"{(file.Length < blob.Length ? "truncated" : "too long")} ({file.Length} bytes, not {blob.Length}) in '{folder}'");

        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(file.FullName);
        }
        catch (Exception e) when (DurableFile.IsFailure(e))
        {
            throw new CorruptBlobException(blob, $"unreadable in '{folder}' ({e.Message.TrimEnd('.')})");
        }

        if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != blob.Sha256)
            throw new CorruptBlobException(blob, $"damaged in '{folder}' (its content has another hash)");
        return bytes;
    }

    /// <inheritdoc/>
    /// <remarks>A temporary file that somebody writes at this moment stays, whatever is said of its space.</remarks>
    public int Sweep(Predicate<BlobKey> isGarbage) => !Directory.Exists(folder) ? 0 : DurableFile.Guard(folder, () =>
    {
        int removed = Sweep(folder, 0, isGarbage);
        foreach (string inner in Directory.GetDirectories(folder))
        {
            if (SpaceOf(inner) is not { } of)
                continue;
            removed += Sweep(inner, of, isGarbage);
            if (of != space && isGarbage(new BlobKey(of, BlobKey.Unfinished)))
                DurableFile.RemoveIfEmpty(inner);
        }

        return removed;
    });

    private static int Sweep(string folder, long space, Predicate<BlobKey> isGarbage)
    {
        int removed = 0;
        foreach (string path in Directory.EnumerateFiles(folder))
        {
            string name = Path.GetFileName(path);
            if (!BlobKey.IsHash(name) || !isGarbage(new BlobKey(space, name)))
                continue;
            File.Delete(path);
            removed++;
        }

        if (isGarbage(new BlobKey(space, BlobKey.Unfinished)))
            DurableFile.RemoveStaleTemps(folder);
        return removed;
    }

    /// <summary>Null for a folder that is none of ours.</summary>
    private static long? SpaceOf(string folder)
    {
        string name = Path.GetFileName(folder);
        return long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out long of) && of > 0 && NameOf(of) == name ? of : null;
    }

    private static string NameOf(long space) => space.ToString("D4", CultureInfo.InvariantCulture);

    private static string Fill(FileStream file, Action<Stream> write)
    {
        using var sha256 = SHA256.Create();
        using (var hashing = new CryptoStream(file, sha256, CryptoStreamMode.Write, leaveOpen: true))
            write(hashing);
        file.Flush();
        return Convert.ToHexStringLower(sha256.Hash!);
    }

    // The first releases had no spaces: their blobs lie in the trial's folder itself.
    private string FolderOf(long of) => of == 0 ? folder : Path.Combine(folder, NameOf(of));

    private string PathOf(BlobRef blob) => Path.Combine(FolderOf(blob.Space), blob.Sha256);
}
