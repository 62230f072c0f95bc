using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace GenCluster.Server.Api;

/// <summary>What an endpoint says of itself in the API's document.</summary>
internal static class EndpointDescriptions
{
    /// <summary>Its name, and what it is for in one sentence.</summary>
    public static RouteHandlerBuilder Does(this RouteHandlerBuilder endpoint, string name, string summary) => endpoint.WithName(name).WithSummary(summary);

    /// <summary>Its body is a sweep file. The framework's own word for it would hide the endpoint from other bodies, whose senders are to be told.</summary>
    public static RouteHandlerBuilder TakesSweepFile(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(SweepFileBody.Instance);

    /// <summary>What it answers when all is well.</summary>
    public static RouteHandlerBuilder Answers<T>(this RouteHandlerBuilder endpoint, int status = StatusCodes.Status200OK) => endpoint.Produces<T>(status);

    /// <summary>Why it may refuse. Every endpoint may also not know the caller, forbid, be asked too often or at the wrong time, and have a defect.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, params ReadOnlySpan<ProblemKind> kinds)
    {
        ProblemKind[] all = [.. kinds, ProblemKind.Unauthenticated, ProblemKind.Forbidden, ProblemKind.TooMany, ProblemKind.NotNow, ProblemKind.Defect];
        foreach (int status in all.Select(k => k.Status).Distinct().Order())
            endpoint.Produces<ApiProblem>(status, ApiProblem.ContentType);
        return endpoint;
    }

    /// <summary>Marks an endpoint whose body is a sweep file.</summary>
    internal sealed class SweepFileBody
    {
        public static readonly SweepFileBody Instance = new();
    }
}
