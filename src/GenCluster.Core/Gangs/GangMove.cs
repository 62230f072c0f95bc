using System.Collections.Immutable;
using GenCluster.Core.Identity;
using GenCluster.Core.Trials;

namespace GenCluster.Core.Gangs;

/// <summary>What is to be done about a gang.</summary>
public abstract record GangMove
{
    /// <summary>Nothing yet; look again then.</summary>
    /// <param name="Until">A reading of the caller's clock.</param>
    public sealed record Wait(TimeSpan Until) : GangMove;

    /// <summary>These go on from memory, under a new lease.</summary>
    /// <param name="Members">In order: those who stay, then those who come.</param>
    /// <param name="Cause">What was lost; null when nothing was.</param>
    /// <param name="Forced">Whether the gang as it was cannot go on; else all change over after the same step.</param>
    /// <param name="Unfit">One that nobody reaches, though it lives; null when there is none.</param>
    /// <param name="Culprit">Whose loss it is; null when nothing was lost.</param>
    public sealed record Change(
        ImmutableArray<WorkerId> Members, FailureClass? Cause, string Message, bool Forced, WorkerId? Unfit = null, WorkerId? Culprit = null) : GangMove;

    /// <summary>Those who may stay are too few: finish the step, take a checkpoint and give the lease back.</summary>
    public sealed record Drain(string Reason) : GangMove;

    /// <summary>Nobody is left; back to the checkpoint.</summary>
    /// <param name="Culprit">Whose loss it is; null when nobody knows.</param>
    public sealed record End(FailureClass Cause, string Message, WorkerId? Culprit = null) : GangMove;
}
