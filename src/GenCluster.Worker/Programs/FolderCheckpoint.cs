using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GenCluster.Core.Checkpoints;

namespace GenCluster.Worker.Programs;

/// <summary>
/// A folder as the blobs of a checkpoint. The largest files have a blob each, so that those that did not change are shared;
/// the others lie one after the other in one blob; another says which file is where.
/// </summary>
internal static class FolderCheckpoint
{
    /// <summary>Bytes and files that are handed over; a folder with more is not.</summary>
    public const long MaxBytes = 1L << 30;

    public const int MaxFiles = 10_000;

    private const int MaxOwnBlobs = 24; // a manifest holds 32
    private const int LargeFile = 64 * 1024;
    private const string IndexName = "index", SmallName = "small";

    /// <summary>Stores the files of a listing.</summary>
    /// <exception cref="FolderChangedException">Somebody wrote there meanwhile.</exception>
    /// <exception cref="IOException">They could not be stored.</exception>
    public static (BlobRef[] Blobs, string Sha256) Save(string folder, IReadOnlyList<ListedFile> files, ICheckpointStore store)
    {
        ListedFile[] large = [.. files.Where(file => file.Length >= LargeFile).OrderByDescending(file => file.Length).ThenBy(file => file.Path, StringComparer.Ordinal).Take(MaxOwnBlobs)];
        var blobs = new List<BlobRef>();
        var entries = new List<IndexEntry>();
        foreach (var (i, file) in large.Index())
        {
            var blob = store.Put($"file-{i:D2}", stream => Copy(folder, file, stream));
            blobs.Add(blob);
            entries.Add(new IndexEntry(file.Path, (int)file.Mode, blob.Sha256, blob.Name, 0, file.Length));
        }

        if (files.Count > large.Length)
            blobs.Add(store.Put(SmallName, stream => Append(folder, files.Except(large), stream, entries)));
        if (!FolderListing.Of(folder).SequenceEqual(files))
            throw new FolderChangedException("files were written while they were copied");

        IndexEntry[] index = [.. entries.OrderBy(entry => entry.Path, StringComparer.Ordinal)];
        blobs.Add(store.Put(IndexName, stream => JsonSerializer.Serialize(stream, index)));
        return ([.. blobs], HashOf(index));
    }

    /// <summary>Puts the files into a folder that is empty.</summary>
    /// <returns>How many there are.</returns>
    /// <exception cref="CorruptBlobException">Something is missing or damaged.</exception>
    public static int Load(string folder, CheckpointManifest manifest, ICheckpointStore store)
    {
        var blobs = manifest.Blobs.ToDictionary(blob => blob.Name);
        if (!blobs.TryGetValue(IndexName, out var of))
            throw new CorruptBlobException(new BlobRef(IndexName, "", 0), "missing from the manifest");
        var index = JsonSerializer.Deserialize<IndexEntry[]>(store.Get(of)) ?? [];
        foreach (var entries in index.GroupBy(entry => entry.Blob))
        {
            byte[] bytes = blobs.TryGetValue(entries.Key, out var blob) ? store.Get(blob) : throw new CorruptBlobException(of, $"of no use: blob '{entries.Key}' is missing");
            foreach (var entry in entries)
                Write(folder, entry, bytes, of);
        }

        return index.Length;
    }

    /// <summary>One hash for a whole folder: of a line <c>hash  path</c> for each file, as <c>sha256sum</c> prints it, sorted by path.</summary>
    private static string HashOf(IndexEntry[] index) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(index.Select(entry => $"{entry.Sha256}  {entry.Path}\n")))));

    private static void Append(string folder, IEnumerable<ListedFile> files, Stream stream, List<IndexEntry> entries)
    {
        long offset = 0;
        foreach (var file in files)
        {
            string sha256 = Copy(folder, file, stream);
            entries.Add(new IndexEntry(file.Path, (int)file.Mode, sha256, SmallName, offset, file.Length));
            offset += file.Length;
        }
    }

    /// <summary>Exactly the bytes that were listed.</summary>
    private static string Copy(string folder, ListedFile file, Stream stream)
    {
        try
        {
            using var source = new FileStream(Path.Combine(folder, file.Path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            byte[] buffer = new byte[128 * 1024];
            long left = file.Length;
            for (int read; left > 0; left -= read)
            {
                read = source.Read(buffer, 0, (int)Math.Min(buffer.Length, left));
                if (read == 0)
                    throw new FolderChangedException($"'{file.Path}' became shorter while it was copied");
                stream.Write(buffer, 0, read);
                hash.AppendData(buffer, 0, read);
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FolderChangedException($"'{file.Path}' went away while it was copied");
        }
    }

    private static void Write(string folder, IndexEntry entry, byte[] bytes, BlobRef index)
    {
        string path = Path.GetFullPath(Path.Combine(folder, entry.Path));
        bool isSound = path.StartsWith(folder + "/", StringComparison.Ordinal) && entry is { Offset: >= 0, Length: >= 0 } && entry.Offset + entry.Length <= bytes.Length;
        if (!isSound)
            throw new CorruptBlobException(index, $"of no use: it names '{entry.Path}' at {entry.Offset}");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using (var file = File.Create(path))
            file.Write(bytes, (int)entry.Offset, (int)entry.Length);
        Posix.SetMode(path, (UnixFileMode)entry.Mode | UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <param name="Blob">The name of the blob that holds it.</param>
    private sealed record IndexEntry(string Path, int Mode, string Sha256, string Blob, long Offset, long Length);
}

/// <summary>The program wrote into its checkpoint folder while that was being copied, so the copy is worth nothing.</summary>
internal sealed class FolderChangedException(string message) : Exception(message);
