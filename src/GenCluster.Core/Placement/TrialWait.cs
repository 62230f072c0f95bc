using GenCluster.Core.Identity;

namespace GenCluster.Core.Placement;

/// <summary>What a trial waits for.</summary>
public enum WaitCause
{
    /// <summary>Too few workers that suit it are attached.</summary>
    NoSuchWorkers = 0,

    /// <summary>Enough workers are attached, but too many of them are set aside because work kept failing on them.</summary>
    WorkersSetAside = 1,

    /// <summary>It needs more at once than its project may ever have.</summary>
    AboveQuota = 2,

    /// <summary>Its project has what it may have.</summary>
    Quota = 3,

    /// <summary>Another trial comes first.</summary>
    Behind = 4,

    /// <summary>Workers are on their way to it: they leave gangs that were asked for them before.</summary>
    Release = 5,

    /// <summary>Gangs above their minimum give workers back for it.</summary>
    Shrinkage = 6,

    /// <summary>Trials with a lower priority stop for it.</summary>
    Preemption = 7,

    /// <summary>Running trials have to end first, or to have run for as long as they may.</summary>
    RunningTrials = 8,
}

/// <summary>Why a trial has no gang.</summary>
/// <param name="Text">For people; it names the trials and numbers that matter.</param>
public sealed record TrialWait(TrialId Trial, WaitCause Cause, string Text);
