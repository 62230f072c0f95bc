using GenCluster.Checkpoints;
using GenCluster.Checkpoints.S3;

namespace GenCluster.Checkpoints.Tests.S3;

/// <summary>Requests that do not do as they are told.</summary>
public sealed class S3CallsTests
{
    private static readonly S3Options Options = new() { FirstPause = TimeSpan.FromMilliseconds(1), LongestPause = TimeSpan.FromMilliseconds(5), Deadline = TimeSpan.FromMilliseconds(100) };

    [Fact]
    public void A_request_that_does_not_give_the_thread_back_is_given_up_in_time()
    {
        using var answer = new ManualResetEventSlim();

        try
        {
            Should.Throw<StorageException>(() => CallsTo(cancellation: default).Run("read", _ => Waits(answer)))
                .Message.ShouldBe("'s3://bucket/folder' cannot be read: the server does not answer in time");
        }
        finally
        {
            answer.Set();
        }
    }

    [Fact]
    public void An_aborted_run_does_not_wait_for_one()
    {
        using var answer = new ManualResetEventSlim();
        using var abort = new CancellationTokenSource();

        try
        {
            Should.Throw<OperationCanceledException>(() => CallsTo(abort.Token).Run("read", _ =>
            {
                abort.Cancel();
                return Waits(answer);
            }));
        }
        finally
        {
            answer.Set();
        }
    }

    private static S3Calls CallsTo(CancellationToken cancellation) => new(null!, "bucket", "folder/", Options, TimeProvider.System, cancellation);

    private static Task<int> Waits(ManualResetEventSlim answer)
    {
        answer.Wait();
        return Task.FromResult(0);
    }
}
