namespace GenCluster.Core.Metrics;

/// <summary>Where TLS is spoken.</summary>
public enum TlsPlane
{
    /// <summary>The HTTP API.</summary>
    Api,

    /// <summary>Where a coordinator's node meets other nodes and workers.</summary>
    Control,

    /// <summary>Where a worker meets coordinators and the members of its gang.</summary>
    Data,
}

/// <summary>Why a TLS handshake failed.</summary>
public enum TlsRefusal
{
    /// <summary>The peer showed no certificate.</summary>
    NoCertificate,

    /// <summary>Its certificate is of no authority that is trusted here.</summary>
    Untrusted,

    /// <summary>Its certificate is not valid yet, or not any more.</summary>
    Expired,

    /// <summary>Its certificate is made for something else.</summary>
    OtherName,

    /// <summary>It spoke no TLS, or no version in common.</summary>
    Protocol,

    /// <summary>Anything else, a peer that closed the connection included.</summary>
    Other,
}

/// <summary>Why the API does not accept a request's credential. The caller is not told: it would help only one who guesses.</summary>
public enum AuthFailure
{
    /// <summary>There is none.</summary>
    Missing,

    /// <summary>It is no single bearer token.</summary>
    Malformed,

    /// <summary>Nobody knows it, or no more.</summary>
    Unknown,

    /// <summary>It is over.</summary>
    Expired,

    /// <summary>It was made for another service.</summary>
    WrongAudience,

    /// <summary>It is from somebody else.</summary>
    WrongIssuer,

    /// <summary>It is not signed, or not as it has to be.</summary>
    BadSignature,

    /// <summary>Whoever could tell does not answer; the client is told to come again.</summary>
    Away,

    /// <summary>It is somebody's who may not do this.</summary>
    Forbidden,
}

/// <summary>Which limit of the API a caller has reached.</summary>
public enum ApiLimit
{
    /// <summary>On requests of any kind.</summary>
    Requests,

    /// <summary>On requests that change something.</summary>
    Changes,

    /// <summary>On requests at the same time.</summary>
    AtOnce,

    /// <summary>On credentials that are not accepted.</summary>
    Failures,

    /// <summary>On sweeps that are followed at the same time.</summary>
    Streams,
}

/// <summary>How a worker was lost to the coordinator.</summary>
public enum WorkerLoss
{
    /// <summary>It was silent for the time of its lease.</summary>
    Silent,

    /// <summary>Its connection closed, and it did not come back in time.</summary>
    Disconnected,

    /// <summary>A member of its gang missed it, and it was silent for half of its lease.</summary>
    Blamed,

    /// <summary>It was started again.</summary>
    Restarted,

    /// <summary>It was asked to leave, and went before its trial was in other hands.</summary>
    Preempted,
}

/// <summary>What the journal was asked when it failed.</summary>
public enum JournalOperation
{
    /// <summary>An event could not be written.</summary>
    Write,

    /// <summary>Events could not be read.</summary>
    Read,

    /// <summary>Events of two writers of one journal were found.</summary>
    ReplayFilter,
}

/// <summary>What keeps a checkpoint from being stored or used.</summary>
public enum CheckpointFailure
{
    /// <summary>The store cannot be written or read.</summary>
    Storage,

    /// <summary>What is in the store is not what was stored.</summary>
    Corrupt,

    /// <summary>The checkpoint does not fit the trial.</summary>
    Unfit,

    /// <summary>Anything else.</summary>
    Other,
}
