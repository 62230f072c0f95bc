namespace GenCluster.Server.Access;

/// <summary>Which limit a caller has reached.</summary>
public enum ApiLimit
{
    Requests = 0,
    Changes = 1,
    AtOnce = 2,
    Failures = 3,
    Streams = 4,
}

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

/// <summary>Counts nothing.</summary>
public sealed class NoObserver : IApiObserver
{
    public static readonly NoObserver Instance = new();

    private NoObserver()
    {
    }

    public void AuthenticationFailed(AuthFailure reason)
    {
    }

    public void RoleRefused()
    {
    }

    public void RateLimited(ApiLimit limit)
    {
    }
}
