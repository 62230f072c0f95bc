namespace GenCluster.Collectives.Hellos;

/// <summary>Why a connection was not let in. The numbers are the wire's and never change.</summary>
public enum HelloRefusal : byte
{
    /// <summary>Not the protocol: garbage, a wrong length, a field out of its bounds, or closed in the middle.</summary>
    Malformed = 1,

    /// <summary>The peer speaks another version of the protocol.</summary>
    Version = 2,

    /// <summary>The peer's epoch is older than the gang's: its lease is over.</summary>
    StaleEpoch = 3,

    /// <summary>No gang of that trial and epoch was awaited here in time; the peer may try again.</summary>
    NotExpected = 4,

    /// <summary>The peer means another member, or one that does not dial this one.</summary>
    Member = 5,

    /// <summary>The two have different plans.</summary>
    Plan = 6,

    /// <summary>The peer's elements have another type.</summary>
    DataType = 7,

    /// <summary>The peer does not know the gang's secret.</summary>
    Secret = 8,

    /// <summary>The member is connected already.</summary>
    Duplicate = 9,

    /// <summary>The hello did not arrive within its time.</summary>
    TooSlow = 10,

    /// <summary>Too many connections wait; the peer may try again.</summary>
    Crowded = 11,

    /// <summary>The two have no transport in common.</summary>
    Transport = 12,

    /// <summary>The two mean different states, or a feed where a gang is awaited.</summary>
    State = 13,

    /// <summary>The connection began with something else than TLS, which is asked for here. Never said to the peer.</summary>
    NotEncrypted = 14,

    /// <summary>The peer's certificate was not accepted, or the TLS handshake failed otherwise. Never said to the peer in a hello.</summary>
    Certificate = 15,
}
