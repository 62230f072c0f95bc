using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using GenCluster.Core.Checkpoints;

namespace GenCluster.Training.Blobs.S3;

/// <summary>
/// Blobs of one trial as objects <c>space/sha256</c>. A blob is written to a temporary file of this machine first: its
/// name, and so its place, is known only at its end. An object appears whole, by one request or by the last one of an
/// upload in parts.
/// </summary>
internal sealed class S3CheckpointStore(S3Calls calls, int partBytes, long space) : ICheckpointStore
{
    private bool unfinishedAreGone;

    public BlobRef Put(string name, Action<Stream> write)
    {
        using var spool = new FileStream(
            Path.Combine(Path.GetTempPath(), $"gencluster-{Path.GetRandomFileName()}"),
            new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose, BufferSize = 1 << 16 });
        byte[] hash = Fill(spool, write);
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

    public byte[] Get(BlobRef blob)
    {
        if (!BlobKey.IsHash(blob.Sha256) || blob.Space < 0)
            throw new CorruptBlobException(blob, "not named by a SHA-256");
        byte[] bytes;
        try
        {
            bytes = calls.Run("read", cancellation => ReadAsync(blob, cancellation));
        }
        catch (AmazonS3Exception e) when (S3Calls.IsNoObject(e))
        {
            throw new CorruptBlobException(blob, $"missing from {calls.Place}");
        }

        return Convert.ToHexStringLower(SHA256.HashData(bytes)) == blob.Sha256
            ? bytes
            : throw new CorruptBlobException(blob, $"damaged in {calls.Place} (its content has another hash)");
    }

    public int Sweep(Predicate<BlobKey> isGarbage)
    {
        if (!unfinishedAreGone)
            RemoveUnfinished(isGarbage); // they are of earlier leaders: once is enough
        unfinishedAreGone = true;

        int removed = 0;
        foreach (var key in List().Where(key => isGarbage(key)).ToList())
        {
            calls.Run("cleared", cancellation => calls.Client.DeleteObjectAsync(calls.Bucket, PathOf(key), cancellation));
            removed++;
        }

        return removed;
    }

    private static byte[] Fill(FileStream file, Action<Stream> write)
    {
        using var sha256 = SHA256.Create();
        using (var hashing = new CryptoStream(file, sha256, CryptoStreamMode.Write, leaveOpen: true))
            write(hashing);
        file.Flush();
        return sha256.Hash!;
    }

    private void PutWhole(BlobRef blob, FileStream spool, byte[] hash) => calls.Run("written", cancellation =>
    {
        spool.Position = 0;
        return calls.Client.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = calls.Bucket,
                Key = PathOf(blob.Key),
                InputStream = spool,
                AutoCloseStream = false,
                UseChunkEncoding = false,
                ChecksumSHA256 = Convert.ToBase64String(hash), // the server refuses what arrives otherwise
            },
            cancellation);
    });

    /// <summary>Null when there is no such object.</summary>
    private long? LengthOf(BlobRef blob)
    {
        try
        {
            return calls.Run("read", cancellation => calls.Client.GetObjectMetadataAsync(calls.Bucket, PathOf(blob.Key), cancellation)).ContentLength;
        }
        catch (AmazonS3Exception e) when (S3Calls.IsNoObject(e))
        {
            return null;
        }
    }

    private async Task<byte[]> ReadAsync(BlobRef blob, CancellationToken cancellation)
    {
        using var response = await calls.Client.GetObjectAsync(calls.Bucket, PathOf(blob.Key), cancellation);
        if (response.ContentLength != blob.Length)
        {
            throw new CorruptBlobException(
                blob, $"{(response.ContentLength < blob.Length ? "truncated" : "too long")} ({response.ContentLength} bytes, not {blob.Length}) in {calls.Place}");
        }

        byte[] bytes = new byte[blob.Length];
        await response.ResponseStream.ReadExactlyAsync(bytes, cancellation);
        return bytes;
    }

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

    private void RemoveUnfinished(Predicate<BlobKey> isGarbage)
    {
        try
        {
            var request = new ListMultipartUploadsRequest { BucketName = calls.Bucket, Prefix = calls.Folder };
            var found = calls.Run("listed", cancellation => calls.Client.ListMultipartUploadsAsync(request, cancellation));
            foreach (var upload in found.MultipartUploads ?? [])
            {
                if (KeyOf(upload.Key) is { } key && isGarbage(new BlobKey(key.Space, BlobKey.Unfinished)))
                    calls.Run("cleared", cancellation => calls.Client.AbortMultipartUploadAsync(calls.Bucket, upload.Key, upload.UploadId, cancellation));
            }
        }
        catch (StorageException e) when (e.InnerException is AmazonS3Exception { StatusCode: HttpStatusCode.NotImplemented or HttpStatusCode.MethodNotAllowed })
        {
            // A server that cannot list them will hardly keep them.
        }
        catch (AmazonS3Exception e) when (S3Calls.IsNoObject(e))
        {
            // Somebody else was faster, or the server says in this way that there are none.
        }
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
