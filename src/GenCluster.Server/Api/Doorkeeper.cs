using System.Net;
using Akka.Event;
using Microsoft.AspNetCore.Http;

namespace GenCluster.Server.Api;

/// <summary>
/// What every request passes: it must name this host, so that no name of another's makes a browser talk to it; it must not
/// come from another site's page; and what goes wrong is one problem, never a stack trace.
/// </summary>
internal sealed class Doorkeeper(RequestDelegate next, ILoggingAdapter log)
{
    private const string SecFetchSite = "Sec-Fetch-Site";

    public async Task InvokeAsync(HttpContext context)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            if (Refusal(context.Request) is { } refusal)
                await Problems.Of(ProblemKind.Forbidden, refusal).ExecuteAsync(context);
            else
                await next(context);
        }
        catch (BadHttpRequestException e)
        {
            await TellAsync(context, Problems.Of(e));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone.
        }
        catch (Exception e)
        {
            log.Error(e, "{0} {1} failed", context.Request.Method, context.Request.Path);
            await TellAsync(context, Problems.Of(ProblemKind.Defect, "the request failed in a way it should not; the server's log says how"));
        }
    }

    private static string? Refusal(HttpRequest request)
    {
        if (!IsLoopback(request.Host.Host))
            return $"'{request.Host.Host}' is not this host; ask by 127.0.0.1 or localhost";
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            return null;
        string origin = request.Headers.Origin.ToString();
        bool foreign = (origin.Length > 0 && origin != $"{request.Scheme}://{request.Host}")
            || request.Headers[SecFetchSite].ToString() is "cross-site" or "same-site";
        return foreign ? "a page of another site may not do this" : null;
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static Task TellAsync(HttpContext context, IResult problem) => context.Response.HasStarted ? Task.CompletedTask : problem.ExecuteAsync(context);
}
