namespace GenCluster.Core.Metrics;

/// <summary>Where TLS is spoken.</summary>
public enum TlsPlane
{
    /// <summary>The HTTP API.</summary>
    Api,

    /// <summary>Akka.Remote, between coordinators and workers.</summary>
    Control,

    /// <summary>The data plane, between workers.</summary>
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

    /// <summary>Its certificate is another's.</summary>
    OtherName,

    /// <summary>It spoke no TLS, or no version in common.</summary>
    Protocol,

    /// <summary>Anything else, a peer that closed the connection included.</summary>
    Other,
}

/// <summary>Why a request to the API was not taken as somebody's.</summary>
public enum AuthFailure
{
    /// <summary>It has no credentials.</summary>
    Missing,

    /// <summary>Its credentials cannot be read.</summary>
    Malformed,

    /// <summary>Nobody has these credentials.</summary>
    Unknown,

    /// <summary>They are over.</summary>
    Expired,

    /// <summary>They were withdrawn.</summary>
    Revoked,

    /// <summary>Whoever has them may not do this.</summary>
    Forbidden,

    /// <summary>Nobody could say: what would know them does not answer.</summary>
    Unavailable,
}

/// <summary>How a request to the API was slowed down.</summary>
public enum RateLimit
{
    /// <summary>Its sender asks too much.</summary>
    Sender,

    /// <summary>All together ask too much.</summary>
    All,

    /// <summary>Too many credentials from its address were wrong.</summary>
    Failures,
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
