using System.Runtime.CompilerServices;
using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Submission;

namespace GenCluster.Cli.Following;

/// <summary>
/// Follows a sweep through whatever cuts the stream off: a server that restarts, a coordinator that moves, a line that falls
/// silent. Every event of the journal comes once.
/// </summary>
internal sealed class SweepFollower(ApiClient api, CliPorts ports)
{
    /// <summary>The server shows that it is there three times in this.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(45);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <param name="place">What has been seen already.</param>
    public async IAsyncEnumerable<StreamMessage> FollowAsync(string sweep, string? place, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string? last = place;
        while (await api.FollowAsync(sweep, last, cancellation) is { } answer)
        {
            using var silence = new CancellationTokenSource(Silence, ports.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellation);
            using (answer)
            {
                using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellation));
                await using var messages = EventLines.ReadAsync(lines, () => silence.CancelAfter(Silence), either.Token).GetAsyncEnumerator(either.Token);
                while (await NextAsync(messages, cancellation) is { } message)
                {
                    last = message.Id ?? last;
                    yield return message;
                    if (message.Name == "end")
                        yield break;
                }
            }

            await Task.Delay(Pause, ports.Time, cancellation);
        }
    }

    /// <summary>The next message; null when the stream was cut off.</summary>
    private static async Task<StreamMessage?> NextAsync(IAsyncEnumerator<StreamMessage> messages, CancellationToken cancellation)
    {
        try
        {
            return await messages.MoveNextAsync() ? messages.Current : null;
        }
        catch (Exception e) when (e is IOException or HttpRequestException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }
}
