using GenCluster.Core.Trials;

namespace GenCluster.Core.Workers;

/// <summary>Whether a worker may be given work.</summary>
public enum WorkerFitness
{
    /// <summary>It may.</summary>
    Fit,

    /// <summary>It may be given one trial, to see whether it has been mended.</summary>
    Probe,

    /// <summary>It is set aside, or its one trial is still under way.</summary>
    Closed,
}

/// <summary>A worker that is set aside, as people are told of it.</summary>
/// <param name="Failures">In a row.</param>
/// <param name="Cause">Of the last one.</param>
/// <param name="Remaining">Until it may be tried again; zero when it may, or is being tried.</param>
public sealed record WorkerSetAside(int Failures, FailureClass Cause, TimeSpan Remaining);

/// <summary>When a worker is set aside, and for how long.</summary>
/// <param name="DistinctTrials">So many trials failed on it, and on no other worker, since it last served one.</param>
/// <param name="InARow">So many attempts failed on it since it last served one, whoever is to blame.</param>
/// <param name="FirstCoolDown">Doubles with every probe that fails.</param>
/// <param name="ServiceTime">A worker that has worked on a trial for so long has served it.</param>
/// <param name="ForgetTime">A worker that nothing was heard of for so long begins anew.</param>
public sealed record BreakerOptions(
    int DistinctTrials, int InARow, TimeSpan FirstCoolDown, TimeSpan MaxCoolDown, TimeSpan ServiceTime, TimeSpan ForgetTime)
{
    public static BreakerOptions Default { get; } =
        new(3, 5, TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(2), TimeSpan.FromHours(1));
}
