using System.Data.Common;
using System.Net.Sockets;
using GenCluster.Actors.Persistence;
using GenCluster.Server.ReadModel;
using Microsoft.AspNetCore.Http;

namespace GenCluster.Server.Api;

/// <summary>
/// Questions to the read model, only so many at a time: a slow database makes clients come again later, and takes no more
/// than these threads from the process.
/// </summary>
internal sealed class Reads(ReadModelQueries queries) : IDisposable
{
    private const int AtOnce = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim free = new(AtOnce);

    /// <summary>What <paramref name="ask"/> finds, as an answer; 404 with <paramref name="missing"/> for nothing, 503 when the database does not answer.</summary>
    /// <param name="found">Called before the answer is written.</param>
    public async Task<IResult> AnswerAsync<T>(HttpContext context, Func<ReadModelQueries, T?> ask, string missing, Action<T>? found = null)
        where T : class
    {
        try
        {
            if (await AskAsync(ask, context.RequestAborted) is not { } answer)
                return Problems.NotFound(missing);
            found?.Invoke(answer);
            return Results.Json(answer, ApiJson.Options);
        }
        catch (ReadFailedException failure)
        {
            return Problems.Later(context.Response, failure.Seconds, failure.Message);
        }
    }

    /// <exception cref="ReadFailedException">The database does not answer, or too many wait for it.</exception>
    public async Task<T> AskAsync<T>(Func<ReadModelQueries, T> ask, CancellationToken cancellation)
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
            return await asking.WaitAsync(cancellation);
        }
        catch (Exception e) when (e is DbException or JournalException or SocketException or TimeoutException)
        {
            throw new ReadFailedException(5, $"the database does not answer: {e.GetBaseException().Message.TrimEnd('.')}");
        }
    }

    public void Dispose() => free.Dispose();
}

/// <summary>The read model cannot answer now.</summary>
/// <param name="seconds">After how long to ask again.</param>
internal sealed class ReadFailedException(int seconds, string message) : Exception(message)
{
    public int Seconds { get; } = seconds;
}
