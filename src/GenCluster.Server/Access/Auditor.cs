using GenCluster.Configuration.Access;
using GenCluster.Server.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace GenCluster.Server.Access;

/// <summary>Writes down what came of a request, when it was to change something or was refused.</summary>
internal sealed class Auditor(RequestDelegate next, AuditTrail trail)
{
    private const int MaxPath = 200;

    public async Task InvokeAsync(HttpContext context)
    {
        bool isChange = !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method);
        await next(context);
        if (IsRefusal(context, isChange))
            trail.Refused(LineOf("refusal", context));
        else if (isChange)
            trail.Changed(LineOf("change", context));
    }

    /// <summary>Of a request that the web server itself did not understand.</summary>
    public static AuditLine LineOf(IFeatureCollection features, BadHttpRequestException fault) => new(
        "refusal", From: features.Get<IHttpConnectionFeature>()?.RemoteIpAddress?.ToString(), Status: fault.StatusCode, Code: ProblemKind.BadRequest.Code, Why: fault.Message);

    /// <summary>Who asks for what is not there finds that out, and nothing else.</summary>
    private static bool IsRefusal(HttpContext context, bool isChange) =>
        (context.Response.StatusCode is >= 400 and < 500 and var status && (isChange || status != StatusCodes.Status404NotFound)) || context.Features.Get<Gate.Refusal>() is not null;

    private static AuditLine LineOf(string what, HttpContext context)
    {
        var caller = context.Features.Get<Caller>();
        string path = context.Request.Path.Value ?? "";
        return new AuditLine(
            what,
            caller?.Name,
            caller?.Role is { } role ? Roles.NameOf(role) : null,
            context.Connection.RemoteIpAddress?.ToString(),
            context.Request.Method,
            (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText,
            path.Length <= MaxPath ? path : path[..MaxPath],
            context.Response.StatusCode,
            context.Features.Get<ApiProblem>()?.Code,
            context.Features.Get<Gate.Refusal>()?.Reason.ToString(),
            ReasonOf(context.Request));
    }

    private static string? ReasonOf(HttpRequest request)
    {
        try
        {
            return Caller.ReasonOf(request);
        }
        catch (BadHttpRequestException)
        {
            return null; // which was the answer
        }
    }
}
