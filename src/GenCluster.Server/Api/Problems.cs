using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace GenCluster.Server.Api;

/// <summary>Refusals, each with its status and a sentence that says what to do.</summary>
internal static class Problems
{
    public static IResult Of(ProblemKind kind, string detail, IReadOnlyList<FileDiagnostic>? diagnostics = null) =>
        new Answer(new ApiProblem(kind.Title, kind.Status, detail, diagnostics, kind.Code));

    /// <summary>What the web server found wrong with a request.</summary>
    public static IResult Of(BadHttpRequestException e) =>
        Of((e.StatusCode == ProblemKind.TooLarge.Status ? ProblemKind.TooLarge : ProblemKind.BadRequest) with { Status = e.StatusCode }, e.Message);

    /// <summary>The same request will be served later.</summary>
    public static IResult Later(HttpResponse response, int seconds, string detail)
    {
        response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Of(ProblemKind.NotNow, detail);
    }

    /// <summary>The caller asks too much.</summary>
    public static IResult TooMany(HttpResponse response, TimeSpan pause, string detail)
    {
        response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(pause.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return Of(ProblemKind.TooMany, detail);
    }

    public static IResult NotFound(string what) => Of(ProblemKind.NotFound, what);

    /// <summary>Leaves the problem with the request, for the audit trail.</summary>
    private sealed class Answer(ApiProblem problem) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Features.Set(problem);
            return Results.Json(problem, ApiJson.Options, ApiProblem.ContentType, problem.Status).ExecuteAsync(httpContext);
        }
    }
}
