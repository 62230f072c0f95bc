using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using GenCluster.Core.Checkpoints;

namespace GenCluster.Checkpoints.S3;

/// <summary>
/// Blobs of one trial as objects <c>space/sha256</c>. A blob is written to a temporary file of this machine first: its
/// name, and so its place, is known only at its end. An object appears whole, by one request or by the last one of an
/// upload in parts.
/// </summary>
internal sealed class S3CheckpointStore(S3Calls calls, int partBytes, string spoolFolder, long space) : ICheckpointStore
{
    private bool unfinishedAreGone;

    public BlobRef Put(string name, Action<Stream> write) => DurableFile.Guard(spoolFolder, () =>
    {
        using var spool = OpenSpool();
        return Put(name, spool, Fill(spool, write));
    });

    public byte[] Get(BlobRef blob)
    {
        if (!BlobKey.IsHash(blob.Sha256) || blob.Space < 0)
            throw new CorruptBlobException(blob, "not named by a SHA-256");
        byte[] bytes;
        try
        {
            bytes = blob.Length <= partBytes ? calls.Run("read", cancellation => ReadAsync(blob, 0, blob.Length, cancellation)) : ReadInParts(blob);
        }
        catch (StorageException e) when (S3Calls.IsNoObject(e))
        {
            throw new CorruptBlobException(blob, $"missing from {calls.Place}", isMissing: true);
        }

        return Convert.ToHexStringLower(SHA256.HashData(bytes)) == blob.Sha256
            ? bytes
            : throw new CorruptBlobException(blob, $"damaged in {calls.Place} (its content has another hash)");
    }

    public int Sweep(Predicate<BlobKey> isGarbage)
    {
        int removed = 0;
        foreach (var key in List().Where(key => isGarbage(key)).ToList())
        {
            Remove(cancellation => calls.Client.DeleteObjectAsync(calls.Bucket, PathOf(key), cancellation));
            removed++;
        }

        if (!unfinishedAreGone)
            unfinishedAreGone = TryRemoveUnfinished(isGarbage); // they are of earlier leaders: once is enough
        return removed;
    }

    /// <summary>Nobody else reads what is sent, and nothing stays of it, whatever ends the process.</summary>
    private FileStream OpenSpool()
    {
        string path = Path.Combine(spoolFolder, $"gencluster-{Path.GetRandomFileName()}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, BufferSize = 1 << 16 };
        if (OperatingSystem.IsWindows())
        {
            options.Options = FileOptions.DeleteOnClose;
            return new FileStream(path, options);
        }

        options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, options);
        File.Delete(path); // it lives on without a name for as long as it is open
        return file;
    }

    private static byte[] Fill(FileStream file, Action<Stream> write)
    {
        using var sha256 = SHA256.Create();
        using (var hashing = new CryptoStream(file, sha256, CryptoStreamMode.Write, leaveOpen: true))
            write(hashing);
        file.Flush();
        return sha256.Hash!;
    }

    private BlobRef Put(string name, FileStream spool, byte[] hash)
    {
        var blob = new BlobRef(name, Convert.ToHexStringLower(hash), spool.Length, space);
        if (LengthOf(blob) == blob.Length)
            return blob;

        if (blob.Length <= partBytes)
            PutWhole(blob, spool, hash);
        else
            new S3Upload(calls, PathOf(blob.Key), spool, partBytes).Run();
        return LengthOf(blob) == blob.Length
            ? blob
            : throw new StorageException(calls.Place, $"the server took blob '{name}' and does not have it whole", null, "written");
    }

    private void PutWhole(BlobRef blob, FileStream spool, byte[] hash)
    {
        byte[] content = S3Calls.Read(spool, 0, (int)blob.Length);
        calls.Run("written", cancellation => calls.Client.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = calls.Bucket,
                Key = PathOf(blob.Key),
                InputStream = new MemoryStream(content, writable: false),
                UseChunkEncoding = false,
                ChecksumSHA256 = Convert.ToBase64String(hash), // the server refuses what arrives otherwise
            },
            cancellation));
    }

    /// <summary>Null when there is no such object.</summary>
    private long? LengthOf(BlobRef blob)
    {
        try
        {
            return calls.Run("read", cancellation => calls.Client.GetObjectMetadataAsync(calls.Bucket, PathOf(blob.Key), cancellation)).ContentLength;
        }
        catch (StorageException e) when (S3Calls.IsNoObject(e))
        {
            return null;
        }
    }

    /// <summary>As it was sent: each part has a deadline of its own, so a slow line is no reason to give up a large blob.</summary>
    private byte[] ReadInParts(BlobRef blob)
    {
        if (LengthOf(blob) is { } length && length != blob.Length)
            throw OfOtherLength(blob, length, blob.Length);
        byte[] bytes = new byte[blob.Length];
        for (long from = 0; from < blob.Length; from += partBytes)
        {
            (long start, long part) = (from, Math.Min(partBytes, blob.Length - from));
            calls.Run("read", cancellation => ReadAsync(blob, start, part, cancellation)).CopyTo(bytes, start);
        }

        return bytes;
    }

    private async Task<byte[]> ReadAsync(BlobRef blob, long from, long length, CancellationToken cancellation)
    {
        var request = new GetObjectRequest { BucketName = calls.Bucket, Key = PathOf(blob.Key) };
        if (length < blob.Length)
            request.ByteRange = new ByteRange(from, from + length - 1);
        using var response = await calls.Client.GetObjectAsync(request, cancellation);
        if (response.ContentLength != length)
            throw OfOtherLength(blob, response.ContentLength, length);

        byte[] bytes = new byte[length];
        await response.ResponseStream.ReadExactlyAsync(bytes, cancellation);
        return bytes;
    }

    private CorruptBlobException OfOtherLength(BlobRef blob, long length, long wanted) =>
        new(blob, $"{(length < wanted ? "truncated" : "too long")} ({length} bytes, not {wanted}) in {calls.Place}");

    private IEnumerable<BlobKey> List()
    {
        var request = new ListObjectsV2Request { BucketName = calls.Bucket, Prefix = calls.Folder };
        do
        {
            var page = calls.Run("listed", cancellation => calls.Client.ListObjectsV2Async(request, cancellation));
            foreach (var found in page.S3Objects ?? [])
            {
                if (KeyOf(found.Key) is { } key)
                    yield return key;
            }

            request.ContinuationToken = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (request.ContinuationToken is not null);
    }

    /// <summary>Removes something that somebody else, or a request whose answer got lost, may have removed before.</summary>
    private void Remove<T>(Func<CancellationToken, Task<T>> request)
    {
        try
        {
            calls.Run("cleared", request);
        }
        catch (StorageException e) when (S3Calls.IsNoObject(e))
        {
            // As it should be.
        }
    }

    /// <returns>Whether there is nothing left to do. Without the right to list them it stays to a rule of the bucket.</returns>
    private bool TryRemoveUnfinished(Predicate<BlobKey> isGarbage)
    {
        try
        {
            foreach (var (path, id) in ListUnfinished().ToList())
            {
                if (KeyOf(path) is { } key && isGarbage(new BlobKey(key.Space, BlobKey.Unfinished)))
                    Remove(cancellation => calls.Client.AbortMultipartUploadAsync(calls.Bucket, path, id, cancellation));
            }

            return true;
        }
        catch (StorageException e)
        {
            // A server that cannot list them will hardly keep them, or says so when there are none.
            return S3Calls.IsNoObject(e) || e.InnerException is AmazonS3Exception { StatusCode: HttpStatusCode.NotImplemented or HttpStatusCode.MethodNotAllowed };
        }
    }

    private IEnumerable<(string Path, string Id)> ListUnfinished()
    {
        var request = new ListMultipartUploadsRequest { BucketName = calls.Bucket, Prefix = calls.Folder };
        bool more;
        do
        {
            var page = calls.Run("listed", cancellation => calls.Client.ListMultipartUploadsAsync(request, cancellation));
            foreach (var upload in page.MultipartUploads ?? [])
                yield return (upload.Key, upload.UploadId);
            (request.KeyMarker, request.UploadIdMarker) = (page.NextKeyMarker, page.NextUploadIdMarker);
            more = page.IsTruncated == true && !string.IsNullOrEmpty(page.NextKeyMarker);
        }
        while (more);
    }

    private string PathOf(BlobKey key) => string.Create(CultureInfo.InvariantCulture, $"{calls.Folder}{key.Space:D4}/{key.Sha256}");

    /// <summary>Null for an object that is none of ours.</summary>
    private BlobKey? KeyOf(string path)
    {
        string[] parts = path.StartsWith(calls.Folder, StringComparison.Ordinal) ? path[calls.Folder.Length..].Split('/') : [];
        return parts.Length == 2 && BlobKey.IsHash(parts[1]) && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long of)
            && PathOf(new BlobKey(of, parts[1])) == path
            ? new BlobKey(of, parts[1])
            : null;
    }
}
