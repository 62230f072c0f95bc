using GenCluster.Configuration.Access;
using GenCluster.Core.Metrics;
using GenCluster.Server.Api;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace GenCluster.Server.Access;

/// <summary>One policy for each role, and for an endpoint without one: nobody.</summary>
internal static class Policies
{
    /// <summary>The role that an endpoint asks for.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder endpoint, Role role)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireAuthorization(Roles.NameOf(role));

    public static void AddPolicies(this IServiceCollection services, IApiObserver observer)
    {
        var policies = services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAssertion(_ => false).Build());
        foreach (var role in Enum.GetValues<Role>())
            policies.AddPolicy(Roles.NameOf(role), policy => policy.RequireAssertion(asked => Has(asked.Resource, role)));
        services.AddSingleton<IAuthorizationMiddlewareResultHandler>(new Answers(observer));
    }

    private static bool Has(object? resource, Role role) => resource is HttpContext context && context.Features.Get<Caller>()?.Role >= role;

    /// <summary>Says what is missing: who it is, or the role.</summary>
    private sealed class Answers(IApiObserver observer) : IAuthorizationMiddlewareResultHandler
    {
        public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
        {
            if (authorizeResult.Succeeded)
                return next(context);
            if (context.Features.Get<Caller>() is not { } caller)
                return Gate.RefuseAsync(context, AuthFailure.Missing, observer);
            observer.RoleRefused();
            string? needed = context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>()?.Policy;
            string has = caller.Role is { } role ? $"has the role {Roles.NameOf(role)}" : "has no role";
            return Problems.Of(ProblemKind.Forbidden, needed is null ? "nobody may do this" : $"this needs the role {needed}, and '{caller.Name}' {has}; ask whoever runs this server").ExecuteAsync(context);
        }
    }
}
