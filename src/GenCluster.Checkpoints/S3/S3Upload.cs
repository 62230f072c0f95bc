using Amazon.S3;
using Amazon.S3.Model;

namespace GenCluster.Checkpoints.S3;

/// <summary>The upload of a large file in parts, one after the other, so that a broken connection costs one part. Nothing is visible before the end.</summary>
internal sealed class S3Upload(S3Calls calls, string path, FileStream file, int partBytes)
{
    /// <exception cref="StorageException">It failed; what was uploaded is given up.</exception>
    public void Run()
    {
        string id = calls.Run("written", cancellation => calls.Client.InitiateMultipartUploadAsync(calls.Bucket, path, cancellation)).UploadId;
        try
        {
            var parts = new List<PartETag>();
            for (long from = 0; from < file.Length; from += partBytes)
                parts.Add(Upload(id, parts.Count + 1, from));
            Complete(id, parts);
        }
        catch (StorageException e) when (S3Calls.IsNoObject(e))
        {
            throw new StorageException(calls.Place, "the upload was lost on the server", e, "written");
        }
        catch
        {
            calls.Try(cancellation => calls.Client.AbortMultipartUploadAsync(calls.Bucket, path, id, cancellation)); // a collector finds what stays
            throw;
        }
    }

    private PartETag Upload(string id, int number, long from)
    {
        byte[] part = S3Calls.Read(file, from, (int)Math.Min(partBytes, file.Length - from));
        var answer = calls.Run("written", cancellation => calls.Client.UploadPartAsync(
            new UploadPartRequest
            {
                BucketName = calls.Bucket,
                Key = path,
                UploadId = id,
                PartNumber = number,
                PartSize = part.Length,
                InputStream = new MemoryStream(part, writable: false),
                UseChunkEncoding = false,
            },
            cancellation));
        return new PartETag(number, answer.ETag);
    }

    private void Complete(string id, List<PartETag> parts)
    {
        var request = new CompleteMultipartUploadRequest { BucketName = calls.Bucket, Key = path, UploadId = id, PartETags = parts };
        try
        {
            calls.Run("written", cancellation => calls.Client.CompleteMultipartUploadAsync(request, cancellation));
        }
        catch (StorageException e) when (e.InnerException is AmazonS3Exception { ErrorCode: "NoSuchUpload" })
        {
            // It was complete, and only the answer got lost: the caller looks whether the object is there.
        }
    }
}
