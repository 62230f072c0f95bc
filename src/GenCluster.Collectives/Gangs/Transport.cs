namespace GenCluster.Collectives.Gangs;

/// <summary>How two members of a gang reach each other.</summary>
public enum Transport
{
    /// <summary>In options: shared memory where both are on one host and can map it, else TCP.</summary>
    Auto = 0,

    /// <summary>They map each other's vectors; nothing is sent.</summary>
    SharedMemory = 1,

    /// <summary>A Unix socket with an abstract name, on one host. Only where it is asked for.</summary>
    Unix = 2,

    /// <summary>TCP.</summary>
    Tcp = 3,
}
