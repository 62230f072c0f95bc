using GenCluster.Core.Identity;

namespace GenCluster.Core.Trials;

/// <summary>
/// What each class of failure may cost a trial. The user's restarts pay for what the trial does itself, once the class's
/// own budget is used up; a lost, preempted or broken machine never takes one.
/// </summary>
/// <remarks>
/// <list type="table">
/// <item><term>UserError, NonFinite</term><description>each takes a restart; without one left the trial has failed</description></item>
/// <item><term>OutOfMemory</term><description>the first is free, as it may be the machine's; then as above</description></item>
/// <item><term>Lost</term><description>free, until so many came without progress that the trial is taken to be what kills workers</description></item>
/// <item><term>Hardware</term><description>free; when it comes again and again the sweep is halted for a person to look</description></item>
/// <item><term>Preempted</term><description>costs nothing, not even a delay</description></item>
/// </list>
/// What may be a machine's fault (Hardware, OutOfMemory) counts once for each worker it struck on, for as long as there are
/// others to try: a broken machine that is always the first to be free uses up nobody's budget.
/// </remarks>
public static class FailureBudget
{
    /// <summary>Hardware failures without progress in between, after which the sweep is halted for a person to look.</summary>
    public const int StallsUntilStuck = 3;

    /// <summary>Losses without progress in between, after which the trial itself is taken to be what kills workers.</summary>
    public const int LossesUntilPoison = 5;

    /// <summary>Out-of-memory failures without progress in between, after which the trial is taken to be too large.</summary>
    public const int MemoryFailuresUntilFailed = 2;

    /// <summary>However good the reasons, after so many failures without progress each one counts.</summary>
    public const int FailuresUntilNoneIsSpared = 12;

    private static readonly TimeSpan MachineFirst = TimeSpan.FromSeconds(0.5), MachineCap = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RestartFirst = TimeSpan.FromSeconds(5), RestartCap = TimeSpan.FromMinutes(5);

    /// <summary>Whether this failure counts for nothing but the row it is in.</summary>
    public static bool IsSpared(TrialState state, FailureClass cause, WorkerId? worker, bool elsewhere) =>
        elsewhere && cause is FailureClass.Hardware or FailureClass.OutOfMemory
        && worker is { } where && state.Struck.Contains(where) && state.FailuresInARow < FailuresUntilNoneIsSpared;

    /// <summary>What follows from a failure.</summary>
    /// <param name="strikes">How often the class struck without progress, this time included if it counts.</param>
    public static FailureVerdict Judge(TrialState state, FailureClass cause, int strikes) => cause switch
    {
        FailureClass.Preempted => new(IsFinal: false, TakesRestart: false, TimeSpan.Zero),
        FailureClass.Hardware => Machine(state),
        FailureClass.Lost => strikes < LossesUntilPoison ? Machine(state) : FailureVerdict.Final,
        FailureClass.OutOfMemory => strikes < MemoryFailuresUntilFailed ? Machine(state) : Restart(state),
        FailureClass.UserError or FailureClass.NonFinite => Restart(state),
        _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, "a failure without a rule"),
    };

    /// <summary><paramref name="first"/>, doubled <paramref name="times"/> times, and never more than <paramref name="cap"/>.</summary>
    internal static TimeSpan BackOff(TimeSpan first, int times, TimeSpan cap)
    {
        double seconds = first.TotalSeconds * Math.Pow(2, Math.Min(times, 60));
        return seconds < cap.TotalSeconds ? TimeSpan.FromSeconds(seconds) : cap;
    }

    /// <summary>The first of a row is tried again at once.</summary>
    private static FailureVerdict Machine(TrialState state) => new(
        IsFinal: false, TakesRestart: false,
        state.FailuresInARow == 0 ? TimeSpan.Zero : BackOff(MachineFirst, state.FailuresInARow - 1, MachineCap));

    private static FailureVerdict Restart(TrialState state) => state.Restarts < state.Definition!.MaxRestarts
        ? new(IsFinal: false, TakesRestart: true, BackOff(RestartFirst, state.Restarts, RestartCap))
        : FailureVerdict.Final;
}

/// <summary>What follows from a failure.</summary>
/// <param name="IsFinal">The trial has failed.</param>
/// <param name="TakesRestart">One of the user's restarts pays for going on.</param>
/// <param name="Delay">Before the next attempt.</param>
public readonly record struct FailureVerdict(bool IsFinal, bool TakesRestart, TimeSpan Delay)
{
    public static readonly FailureVerdict Final = new(IsFinal: true, TakesRestart: false, TimeSpan.Zero);
}
