using GenCluster.Core.Metrics;

namespace GenCluster.Server.Access;

/// <summary>What came of looking at a credential.</summary>
internal abstract record Identification
{
    private Identification()
    {
    }

    public sealed record Known(Caller Caller) : Identification;

    public sealed record Refused(AuthFailure Reason) : Identification;

    /// <summary>Whoever could tell does not answer.</summary>
    public sealed record Away(string Message) : Identification;
}

/// <summary>Tells whose token it is.</summary>
internal interface IAuthenticator : IDisposable
{
    Task<Identification> IdentifyAsync(string token, CancellationToken cancellation);

    /// <summary>Whether it can tell without asking anybody else.</summary>
    bool Remembers(string token) => true;
}
