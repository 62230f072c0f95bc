using GenCluster.Actors.Coordination;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GenCluster.Server.Api;

/// <summary>
/// <c>/healthz</c>: this process answers, and nothing else, as a restart mends nothing else. <c>/readyz</c>: the journal can
/// be read and a coordinator rules. Whoever watches over processes need not be known.
/// </summary>
internal sealed class HealthEndpoints(CoordinatorClient coordinator, Reads reads)
{
    private const string Fine = "ok";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => Results.Text(Fine)).AllowAnonymous().DisableRateLimiting();
        routes.MapGet("/readyz", (Delegate)ReadyAsync).AllowAnonymous();
    }

    private async Task<IResult> ReadyAsync(HttpContext context)
    {
        var journal = JournalAsync(context.RequestAborted);
        var ruler = RulerAsync(context.RequestAborted);
        string[] faults = [.. (await Task.WhenAll(journal, ruler)).Where(f => f != Fine)];
        return faults.Length == 0 ? Results.Text(Fine) : Problems.Later(context.Response, 5, string.Join("; ", faults));
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
