using GenCluster.Core.Metrics;

namespace GenCluster.Server.Access;

/// <summary>Hears what the API refuses, to count it. Called from many threads at a time; it must return at once.</summary>
public interface IApiObserver
{
    /// <summary>A request had no credential, or one that is not accepted.</summary>
    void AuthenticationFailed(AuthFailure reason);

    /// <summary>A caller is known, and its role does not allow what it asks.</summary>
    void RoleRefused();

    /// <summary>A caller asks too much.</summary>
    void RateLimited(ApiLimit limit);
}
