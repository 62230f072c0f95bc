using GenCluster.Actors.Coordination;
using Microsoft.AspNetCore.Http;

namespace GenCluster.Server.Api;

/// <summary>How requests that change something reach the coordinator, and what the client is told when it does not answer.</summary>
internal sealed class Office(CoordinatorClient coordinator, Reads reads, ApiOptions options)
{
    /// <summary>What the coordinator answers, as an answer of the API; 503 when it does not, with the first cause that can be told.</summary>
    public async Task<IResult> AskAsync(HttpContext context, Func<CoordinatorClient, TimeSpan, CancellationToken, Task<IResult>> ask)
    {
        try
        {
            return await ask(coordinator, options.SubmitPatience, context.RequestAborted);
        }
        catch (CoordinatorAwayException away)
        {
            return Problems.Later(context.Response, 5, await WhyAsync(away, context.RequestAborted));
        }
    }

    /// <summary>A place in the journal no earlier than what was done last; null when the database does not answer, which undoes nothing.</summary>
    public async Task<long?> PlaceAsync(CancellationToken cancellation)
    {
        try
        {
            return await reads.AskAsync(q => q.JournalPlace(), cancellation);
        }
        catch (ReadFailedException)
        {
            return null;
        }
    }

    /// <summary>The first cause, where it can be told: a coordinator without its journal is silent, too.</summary>
    private async Task<string> WhyAsync(CoordinatorAwayException away, CancellationToken cancellation)
    {
        try
        {
            await reads.AskAsync(q => q.JournalPlace(), cancellation);
            return away.Message;
        }
        catch (ReadFailedException failure)
        {
            return failure.Message;
        }
    }
}
