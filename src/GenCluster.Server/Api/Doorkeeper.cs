using Akka.Event;
using GenCluster.Server.Access;
using Microsoft.AspNetCore.Http;

namespace GenCluster.Server.Api;

/// <summary>
/// What every request passes: it must name this host, so that no name of another's makes a browser talk to it; it must not
/// come from another site's page; and what goes wrong is one problem, never a stack trace.
/// </summary>
internal sealed class Doorkeeper(RequestDelegate next, HostNames hosts, ILoggingAdapter log)
{
    private const string SecFetchSite = "Sec-Fetch-Site";
    private const string SchemeEnd = "://";

    public async Task InvokeAsync(HttpContext context)
    {
        Protect(context);
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
            log.Error(e, "{0} {1} failed", context.Request.Method, Uri.EscapeDataString(context.Request.Path.Value ?? "")); // on one line, whatever it is
            await TellAsync(context, Problems.Of(ProblemKind.Defect, "the request failed in a way it should not; the server's log says how"));
        }
    }

    /// <summary>Answers are data: a browser that is led here shows, frames, guesses and keeps nothing of them.</summary>
    private static void Protect(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (context.Request.IsHttps)
            headers.StrictTransportSecurity = "max-age=31536000";
    }

    private string? Refusal(HttpRequest request)
    {
        if (!hosts.Has(request.Host.Host))
            return $"'{request.Host.Host}' is not this host; {hosts.Remedy}";
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            return null;
        string origin = request.Headers.Origin.ToString();
        bool foreign = (origin.Length > 0 && !IsOurs(origin, request.Host.Value)) || request.Headers[SecFetchSite].ToString() is "cross-site" or "same-site";
        return foreign ? "a page of another site may not do this" : null;
    }

    /// <summary>The scheme does not count: a proxy may have taken TLS away.</summary>
    private static bool IsOurs(string origin, string? host) =>
        origin.IndexOf(SchemeEnd, StringComparison.Ordinal) is > 0 and var end && origin.AsSpan(end + SchemeEnd.Length).Equals(host, StringComparison.OrdinalIgnoreCase);

    private static Task TellAsync(HttpContext context, IResult problem) => context.Response.HasStarted ? Task.CompletedTask : problem.ExecuteAsync(context);
}
