using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace GenCluster.Server.Api;

/// <summary>Refusals, each with its status and a sentence that says what to do.</summary>
internal static class Problems
{
    public static IResult Of(int status, string title, string detail, IReadOnlyList<FileDiagnostic>? diagnostics = null) =>
        Results.Json(new ApiProblem(title, status, detail, diagnostics), ApiJson.Options, ApiProblem.ContentType, status);

    /// <summary>The same request will be served later.</summary>
    public static IResult Later(HttpResponse response, int seconds, string detail)
    {
        response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Of(StatusCodes.Status503ServiceUnavailable, "not now", detail);
    }

    public static IResult NotFound(string what) => Of(StatusCodes.Status404NotFound, "not found", what);
}
