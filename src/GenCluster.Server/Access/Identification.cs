namespace GenCluster.Server.Access;

/// <summary>Why a credential is not accepted. The caller is not told: it would help only one who guesses.</summary>
public enum AuthFailure
{
    /// <summary>There is none.</summary>
    Missing = 0,

    /// <summary>It is no single bearer token.</summary>
    Malformed = 1,

    /// <summary>Nobody knows it, or no more.</summary>
    Unknown = 2,

    Expired = 3,

    /// <summary>It was made for another service.</summary>
    WrongAudience = 4,

    /// <summary>It is from somebody else.</summary>
    WrongIssuer = 5,

    /// <summary>It is not signed, or not as it has to be.</summary>
    BadSignature = 6,

    /// <summary>Whoever could tell does not answer; the client is told to come again.</summary>
    Away = 7,
}

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
