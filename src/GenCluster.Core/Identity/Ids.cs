using MessagePack;

namespace GenCluster.Core.Identity;

/// <summary>The name of a sweep, unique within a coordinator. It is also the name of its run folder.</summary>
[MessagePackObject]
public readonly record struct SweepId([property: Key(0)] string Value)
{
    public override string ToString() => Value;
}

/// <summary>One trial of a sweep; numbers start at 1 and follow the order of proposal.</summary>
[MessagePackObject]
public readonly record struct TrialId([property: Key(0)] SweepId Sweep, [property: Key(1)] int Number)
{
    public override string ToString() => $"{Sweep}/{Number}";
}

/// <summary>A worker: a process that owns one device. The name survives a restart of the process.</summary>
[MessagePackObject]
public readonly record struct WorkerId([property: Key(0)] string Value)
{
    public override string ToString() => Value;
}

/// <summary>
/// The right to act for a trial. The epoch rises at every change of the gang; whatever carries an older one is refused.
/// </summary>
[MessagePackObject]
public readonly record struct Lease([property: Key(0)] TrialId Trial, [property: Key(1)] long Epoch)
{
    public override string ToString() => $"{Trial}@{Epoch}";
}
