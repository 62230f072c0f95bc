namespace GenCluster.Actors.Workers;

/// <summary>
/// How often a worker says that it lives, and how long it believes in a coordinator that does not answer. Without a trial there is no
/// lease to be sure of (<see cref="OwnLease"/>): it is enough that the coordinator's patience does not end, and hundreds of workers
/// that wait cost it little.
/// </summary>
internal static class HeartbeatPace
{
    /// <summary>How often a worker looks whether there is something to be said.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(2), Silence = TimeSpan.FromSeconds(3);

    /// <summary>Whether a heartbeat is due at a tick, which may come a little early or late.</summary>
    public static bool IsDue(bool isIdle, TimeSpan sinceLast) => !isIdle || sinceLast + (Tick / 2) >= Idle;

    /// <summary>How long after an answer a coordinator is still believed in: as many answers may be late, whatever the pace.</summary>
    public static TimeSpan SilenceLimit(bool isIdle) => isIdle ? Silence + Idle - Tick : Silence;
}
