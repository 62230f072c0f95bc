using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using GenCluster.Core.Checkpoints;

namespace GenCluster.Checkpoints.S3;

/// <summary>
/// Requests to an S3 server from a thread that waits for them. What may pass (a busy server, a broken connection, no answer) is tried
/// again with growing pauses until a deadline; what will not is told at once.
/// </summary>
internal sealed class S3Calls(IAmazonS3 client, string bucket, string folder, S3Options options, TimeProvider clock, CancellationToken cancellation)
{
    public IAmazonS3 Client => client;

    public string Bucket => bucket;

    /// <summary>Of the trial, with a slash at its end.</summary>
    public string Folder => folder;

    /// <summary>For people.</summary>
    public string Place => $"s3://{bucket}/{folder.TrimEnd('/')}";

    /// <param name="request">The token ends it at the deadline; whatever does not heed it is left behind.</param>
    /// <exception cref="StorageException">It failed for good, or for too long; <see cref="IsNoObject"/> knows a special case.</exception>
    /// <exception cref="OperationCanceledException">The run was aborted.</exception>
    public T Run<T>(string done, Func<CancellationToken, Task<T>> request)
    {
        long began = clock.GetTimestamp();
        Exception? last = null;
        for (var pause = options.FirstPause; ; pause = Min(pause * 2, options.LongestPause))
        {
            try
            {
                cancellation.ThrowIfCancellationRequested();
                using var deadline = new CancellationTokenSource(Max(options.Deadline - clock.GetElapsedTime(began), TimeSpan.Zero), clock);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);

                return Begin(request, either.Token).GetAwaiter().GetResult();
            }
            catch (Exception e) when (MayPass(e) && clock.GetElapsedTime(began) + pause < options.Deadline)
            {
                last = e;
                cancellation.WaitHandle.WaitOne(pause);
            }
            catch (Exception e) when (IsOfTheServer(e))
            {
                var told = e is OperationCanceledException ? last ?? e : e; // that the time is over says less than why it was needed
                throw new StorageException(Place, Cause(told), told, done);
            }
        }
    }

    /// <summary>Makes a request once, even of an aborted run, and says nothing of how it went.</summary>
    public void Try<T>(Func<CancellationToken, Task<T>> request)
    {
        using var deadline = new CancellationTokenSource(options.RequestTimeout, clock);
        try
        {
            Begin(request, deadline.Token).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is OperationCanceledException || IsOfTheServer(e))
        {
            // It did not happen, then.
        }
    }

    /// <summary>
    /// What a request sends, in memory of its own. The client hashes it with a hash of the thread: a file that is closed under a
    /// request left behind would leave a half-made one there, and the next request on that thread would be signed wrongly.
    /// </summary>
    public static byte[] Read(FileStream file, long from, int length)
    {
        byte[] bytes = new byte[length];
        file.Position = from;
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Whether it says that there is no such object; the bucket is there.</summary>
    public static bool IsNoObject(StorageException e) => e.InnerException is AmazonS3Exception { StatusCode: HttpStatusCode.NotFound, ErrorCode: not "NoSuchBucket" };

    // The client's own limit ends with the headers of an answer, and it reads some bodies without looking at a token, and without giving
    // its caller's thread back: so it gets another one.
    private static Task<T> Begin<T>(Func<CancellationToken, Task<T>> request, CancellationToken cancellation) =>
        Task.Run(() => request(cancellation), CancellationToken.None).WaitAsync(cancellation);

    private bool MayPass(Exception e) => IsOfTheServer(e) && e switch
    {
        AmazonServiceException { StatusCode: HttpStatusCode.NotImplemented } => false,
        AmazonServiceException { StatusCode: HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError } => true,
        AmazonServiceException { ErrorCode: "RequestTimeout" or "SlowDown" or "Throttling" } => true,
        AmazonServiceException { StatusCode: 0 } => true, // no answer at all
        AmazonServiceException => false,
        AmazonClientException { InnerException: null } => false, // the client's own word: there are no credentials
        _ => true,
    };

    private bool IsOfTheServer(Exception e) => e switch
    {
        CorruptBlobException => false,
        OperationCanceledException => !cancellation.IsCancellationRequested,
        _ => e is AmazonClientException or AmazonServiceException or HttpRequestException or IOException or TimeoutException,
    };

    private static string Cause(Exception e) => e switch
    {
        AmazonServiceException { StatusCode: HttpStatusCode.Forbidden } refused => $"the server refused ({refused.ErrorCode}); check the credentials in the environment or in ~/.aws, and what they may do in the bucket",
        AmazonServiceException { ErrorCode: "NoSuchBucket" } => "there is no such bucket; create it, or choose another one",
        AmazonServiceException { ErrorCode.Length: > 0 } answer => $"{answer.ErrorCode}: {FirstLine(answer)}",
        OperationCanceledException or TimeoutException => "the server does not answer in time",
        _ => FirstLine(e.GetBaseException()),
    };

    private static string FirstLine(Exception e) => e.Message.Split('\n', 2)[0].Trim().TrimEnd('.');

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
