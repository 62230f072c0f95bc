using System.Text.RegularExpressions;
using GenCluster.Core.Metrics;
using GenCluster.Server.Api;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace GenCluster.Server.Access;

/// <summary>
/// Finds out who calls, by the bearer token alone: nothing that a browser sends by itself counts. Whoever is not known gets one
/// and the same answer, whatever they ask for and whatever is wrong with their token.
/// </summary>
internal sealed partial class Gate(RequestDelegate next, AccessControl access, RateLimits limits, IApiObserver observer)
{
    private const int MaxToken = 8 * 1024;

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null || await AdmitAsync(context))
            await next(context);
    }

    /// <summary>Answers that the credential is not accepted.</summary>
    public static Task RefuseAsync(HttpContext context, AuthFailure reason, IApiObserver observer)
    {
        observer.AuthenticationFailed(reason);
        context.Features.Set(new Refusal(reason));
        context.Response.Headers.WWWAuthenticate = reason is AuthFailure.Missing ? "Bearer realm=\"gencluster\"" : "Bearer realm=\"gencluster\", error=\"invalid_token\"";
        string detail = reason is AuthFailure.Missing
            ? "say who you are with Authorization: Bearer TOKEN"
            : "the token is not accepted: it is unknown, has ended, or is for another service";
        return Problems.Of(ProblemKind.Unauthenticated, detail).ExecuteAsync(context);
    }

    private async Task<bool> AdmitAsync(HttpContext context)
    {
        if (access.Authenticator is not { } authenticator)
        {
            context.Features.Set(Caller.Anybody(context.Request));
            return true;
        }

        if (context.Request.Headers.Authorization.Count == 0)
            return true; // the endpoint's policy says what that means
        if (TokenOf(context.Request) is not { } token)
            return await FailAsync(context, AuthFailure.Malformed);
        if (!authenticator.Remembers(token) && limits.HasFailedTooOften(context))
            return await LaterAsync(context);
        switch (await authenticator.IdentifyAsync(token, context.RequestAborted))
        {
            case Identification.Known(var caller):
                context.Features.Set(caller);
                return true;
            case Identification.Refused(var reason):
                return await FailAsync(context, reason);
            case Identification.Away(var message):
                observer.AuthenticationFailed(AuthFailure.Away);
                context.Features.Set(new Refusal(AuthFailure.Away));
                await Problems.Later(context.Response, 5, message).ExecuteAsync(context);
                return false;
            default:
                throw new InvalidOperationException("not a known identification");
        }
    }

    private async Task<bool> FailAsync(HttpContext context, AuthFailure reason)
    {
        if (limits.HasFailedTooOften(context, again: true))
            return await LaterAsync(context);
        await RefuseAsync(context, reason, observer);
        return false;
    }

    private async Task<bool> LaterAsync(HttpContext context)
    {
        observer.RateLimited(ApiLimit.Failures);
        await Problems.TooMany(context.Response, limits.FailurePause, "too many tokens from this address were not accepted; check yours, and try again later").ExecuteAsync(context);
        return false;
    }

    /// <summary>The bearer token; null: there is something else, or more than one.</summary>
    private static string? TokenOf(HttpRequest request) =>
        request.Headers.Authorization is [{ Length: <= MaxToken } one] && Bearer().Match(one) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex(@"^Bearer +([A-Za-z0-9\-._~+/]+=*)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Bearer();

    /// <summary>Why a request was not let in, for the audit trail.</summary>
    internal sealed record Refusal(AuthFailure Reason);
}
