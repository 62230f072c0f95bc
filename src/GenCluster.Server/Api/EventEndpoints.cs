using GenCluster.Actors.Coordination;
using GenCluster.Configuration.Access;
using GenCluster.Core.Identity;
using GenCluster.Server.Access;
using GenCluster.Server.ReadModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Routing;

namespace GenCluster.Server.Api;

/// <summary><c>GET /api/v1/sweeps/{name}/events</c>: what happens to a sweep, as it happens, as server-sent events.</summary>
internal sealed class EventEndpoints(CoordinatorClient coordinator, Reads reads, ApiOptions options, RateLimits limits, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim free = new(options.MaxStreams);

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet(SweepEndpoints.Path + "/{name}/events", FollowAsync)
        .Does("followSweep", "What happens to a sweep, as server-sent events. Last-Event-ID, or after, goes on after a place in the journal.")
        .Needs(Role.Viewer)
        .Produces<SweepEvent>(StatusCodes.Status200OK, EventStream.ContentType)
        .Produces(StatusCodes.Status204NoContent)
        .Refuses(ProblemKind.BadRequest, ProblemKind.NotFound)
        .DisableRequestTimeout();

    public void Dispose() => free.Dispose();

    private async Task<IResult> FollowAsync(HttpContext context, string name, string? after)
    {
        string last = context.Request.Headers["Last-Event-ID"].ToString();
        string? given = last.Length > 0 ? last : after;
        bool sawTheEnd = last.EndsWith(EventStream.End, StringComparison.Ordinal);
        if (Paging.PlaceOf(sawTheEnd ? last[..^EventStream.End.Length] : given) is not { } place)
            return Paging.WrongPlace(last.Length > 0 ? "Last-Event-ID" : "after", given);
        if (options.Access.Mode is AccessMode.None)
            return await StreamAsync(context, name, place, sawTheEnd);
        using var own = limits.Stream(context);
        return own is null
            ? Problems.TooMany(context.Response, Pause, $"you follow {options.Limits.Streams} sweeps on this node already; end one of them first")
            : await StreamAsync(context, name, place, sawTheEnd);
    }

    private async Task<IResult> StreamAsync(HttpContext context, string name, long place, bool sawTheEnd)
    {
        if (!free.Wait(0, CancellationToken.None))
            return Problems.Later(context.Response, 5, $"{options.MaxStreams} clients follow sweeps on this node already; ask again later, or another node");
        try
        {
            if (await reads.AskAsync(q => q.Events(name, place, 1), context.RequestAborted) is not { } first)
                return Problems.NotFound($"there is no sweep '{name}'");
            if (sawTheEnd && first is { IsOver: true, Events.Count: 0 })
                return Results.NoContent(); // which tells a browser not to come again
            await using var stream = new EventStream(context, new SweepId(name), coordinator, reads, options, time);
            await stream.SendAsync(place);
            return Results.Empty;
        }
        catch (ReadFailedException failure)
        {
            return Problems.Later(context.Response, failure.Seconds, failure.Message);
        }
        finally
        {
            free.Release();
        }
    }
}
