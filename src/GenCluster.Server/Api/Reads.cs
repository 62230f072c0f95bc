using System.Data.Common;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using GenCluster.Actors.Persistence;
using GenCluster.Server.ReadModel;
using Microsoft.AspNetCore.Http;

namespace GenCluster.Server.Api;

/// <summary>
/// Questions to the read model, only so many at a time: a slow database makes clients come again later, and takes no more
/// than these threads from the process. Where it does not answer at all, what was last answered is answered again.
/// </summary>
internal sealed class Reads(ReadModelQueries queries, TimeProvider clock) : IDisposable
{
    private const int AtOnce = 8;
    private const long RoomForAnswers = 32 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1), PatienceForNews = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim free = new(AtOnce);
    private readonly LastAnswers last = new(RoomForAnswers);

    /// <summary>
    /// What <paramref name="ask"/> finds, as an answer; 404 with <paramref name="missing"/> for nothing. When the database does not
    /// answer: the last answer to the same question, with its <c>Age</c>, or 503.
    /// </summary>
    /// <param name="tag">The entity tag of an answer.</param>
    public async Task<IResult> AnswerAsync<T>(HttpContext context, Func<ReadModelQueries, T?> ask, string missing, Func<T, string>? tag = null)
        where T : class
    {
        string question = context.Request.Path + context.Request.QueryString;
        bool isKept = last.Find(question, out var kept);
        try
        {
            if (await AskAsync(ask, isKept ? PatienceForNews : Timeout.InfiniteTimeSpan, context.RequestAborted) is not { } found)
            {
                last.Forget(question);
                return Problems.NotFound(missing);
            }

            var answer = new KeptAnswer(JsonSerializer.SerializeToUtf8Bytes(found, ApiJson.Options), tag?.Invoke(found), clock.GetUtcNow());
            last.Keep(question, answer);
            return Tell(context, answer);
        }
        catch (ReadFailedException failure)
        {
            if (kept is null)
                return Problems.Later(context.Response, failure.Seconds, failure.Message);
            context.Response.Headers.Age = Math.Max(1, Math.Ceiling((clock.GetUtcNow() - kept.At).TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            return Tell(context, kept);
        }
    }

    /// <exception cref="ReadFailedException">The database does not answer, or too many wait for it.</exception>
    public Task<T> AskAsync<T>(Func<ReadModelQueries, T> ask, CancellationToken cancellation) => AskAsync(ask, Timeout.InfiniteTimeSpan, cancellation);

    private async Task<T> AskAsync<T>(Func<ReadModelQueries, T> ask, TimeSpan patience, CancellationToken cancellation)
    {
        if (!await free.WaitAsync(Patience, cancellation))
            throw new ReadFailedException(1, "too many questions wait for the database; ask again soon");
        var asking = Task.Run(
            () =>
            {
                try
                {
                    return ask(queries);
                }
                finally
                {
                    free.Release();
                }
            },
            CancellationToken.None);
        try
        {
            return await asking.WaitAsync(patience, clock, cancellation);
        }
        catch (Exception e) when (e is DbException or JournalException or SocketException or TimeoutException)
        {
            throw new ReadFailedException(5, $"the database does not answer: {e.GetBaseException().Message.TrimEnd('.')}");
        }
    }

    private static IResult Tell(HttpContext context, KeptAnswer answer)
    {
        if (answer.Tag is not null)
            context.Response.Headers.ETag = answer.Tag;
        return Results.Bytes(answer.Body, "application/json; charset=utf-8");
    }

    public void Dispose() => free.Dispose();
}

/// <summary>The read model cannot answer now.</summary>
/// <param name="seconds">After how long to ask again.</param>
internal sealed class ReadFailedException(int seconds, string message) : Exception(message)
{
    public int Seconds { get; } = seconds;
}
