using GenCluster.Actors.Coordination;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GenCluster.Server.Api;

/// <summary>
/// <c>/healthz</c>: this process answers, and nothing else, as a restart mends nothing else. <c>/readyz</c>: since it started, it
/// has read the journal and found a coordinator that rules, so it serves as well as any. When the database or the coordinator goes
/// away later, that is the same for all nodes: taking them all out of service would take from clients the last answers, and the
/// sentence that says why there are no others. Whoever watches over processes need not be known.
/// </summary>
internal sealed class HealthEndpoints(CoordinatorClient coordinator, Reads reads)
{
    private const string Fine = "ok";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private volatile bool isReady;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => Results.Text(Fine)).AllowAnonymous().DisableRateLimiting();
        routes.MapGet("/readyz", (Delegate)ReadyAsync).AllowAnonymous();
    }

    private async Task<IResult> ReadyAsync(HttpContext context)
    {
        if (isReady)
            return Results.Text(Fine);
        var journal = JournalAsync(context.RequestAborted);
        var ruler = RulerAsync(context.RequestAborted);
        string[] faults = [.. (await Task.WhenAll(journal, ruler)).Where(f => f != Fine)];
        isReady = faults.Length == 0;
        return isReady ? Results.Text(Fine) : Problems.Later(context.Response, 5, string.Join("; ", faults));
    }

    private async Task<string> JournalAsync(CancellationToken cancellation)
    {
        try
        {
            await reads.AskAsync(q => q.JournalPlace(), cancellation);
            return Fine;
        }
        catch (ReadFailedException failure)
        {
            return failure.Message;
        }
    }

    private async Task<string> RulerAsync(CancellationToken cancellation)
    {
        try
        {
            await coordinator.ReadyAsync(Patience, cancellation);
            return Fine;
        }
        catch (CoordinatorAwayException away)
        {
            return away.Message;
        }
    }
}
