using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace GenCluster.Server.Api;

/// <summary>Refusals, each with its status and a sentence that says what to do.</summary>
internal static class Problems
{
    public static IResult Of(ProblemKind kind, string detail, IReadOnlyList<FileDiagnostic>? diagnostics = null) =>
        Results.Json(new ApiProblem(kind.Title, kind.Status, detail, diagnostics, kind.Code), ApiJson.Options, ApiProblem.ContentType, kind.Status);

    /// <summary>What the web server found wrong with a request.</summary>
    public static IResult Of(BadHttpRequestException e) =>
        Of((e.StatusCode == ProblemKind.TooLarge.Status ? ProblemKind.TooLarge : ProblemKind.BadRequest) with { Status = e.StatusCode }, e.Message);

    /// <summary>The same request will be served later.</summary>
    public static IResult Later(HttpResponse response, int seconds, string detail)
    {
        response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Of(ProblemKind.NotNow, detail);
    }

    public static IResult NotFound(string what) => Of(ProblemKind.NotFound, what);
}
