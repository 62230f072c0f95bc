using System.Security.Cryptography;
using GenCluster.Core.Checkpoints;

namespace GenCluster.Training.Blobs;

/// <summary>
/// Blobs of one trial in a folder of its own, each a file named by the SHA-256 of its content. The folder may be on a
/// disk that several machines share.
/// </summary>
public sealed class DirectoryCheckpointStore : ICheckpointStore
{
    private readonly string folder;
    private readonly Func<string, FileStream> createTemp;

    /// <param name="folder">It is created when the first blob is put.</param>
    public DirectoryCheckpointStore(string folder)
        : this(folder, DurableFile.CreateTemp)
    {
    }

    internal DirectoryCheckpointStore(string folder, Func<string, FileStream> createTemp)
    {
        this.folder = Path.GetFullPath(folder);
        this.createTemp = createTemp;
    }

    public BlobRef Put(string name, Action<Stream> write)
    {
        DurableFile.CreateFolder(folder);
        string temp = DurableFile.TempFor(Path.Combine(folder, "blob"));
        try
        {
            using var file = createTemp(temp);
            var blob = new BlobRef(name, Fill(file, write), file.Length);
            string path = PathOf(blob);
            if (new FileInfo(path) is { Exists: true } present && present.Length == blob.Length)
            {
                File.Delete(temp);
                DurableFile.SyncFolder(folder); // whoever wrote it may have died before doing so
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
        if (!IsName(blob.Sha256))
            throw new CorruptBlobException(blob, "not named by a SHA-256");

        var file = new FileInfo(PathOf(blob));
        if (!file.Exists)
            throw new CorruptBlobException(blob, $"missing from '{folder}'");
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
    /// <remarks>Also removes temporary files that nobody writes any more. Other files in the folder are left alone.</remarks>
    public void Retain(IEnumerable<CheckpointManifest> kept)
    {
        var names = kept.SelectMany(x => x.Blobs).Select(x => x.Sha256).ToHashSet(StringComparer.Ordinal);
        if (!Directory.Exists(folder))
            return;
        DurableFile.Guard(folder, () =>
        {
            foreach (string path in Directory.EnumerateFiles(folder))
            {
                string name = Path.GetFileName(path);
                if (IsName(name) && !names.Contains(name))
                    File.Delete(path);
            }
        });
        DurableFile.RemoveStaleTemps(folder);
    }

    // A name from a manifest becomes part of a path only if it is a hash and nothing else.
    private static bool IsName(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);

    private static string Fill(FileStream file, Action<Stream> write)
    {
        using var sha256 = SHA256.Create();
        using (var hashing = new CryptoStream(file, sha256, CryptoStreamMode.Write, leaveOpen: true))
            write(hashing);
        file.Flush();
        return Convert.ToHexStringLower(sha256.Hash!);
    }

    private string PathOf(BlobRef blob) => Path.Combine(folder, blob.Sha256);
}
