using GenCluster.Core.Sweeps;

namespace GenCluster.Server.ReadModel;

/// <summary>A sweep, and the order in which its trials ended.</summary>
/// <param name="Ends">Numbers of trials; one that was begun again after it had ended may be there several times.</param>
/// <param name="Place">Of the last event that is in it.</param>
public sealed record SweepFold(SweepState State, IReadOnlyList<int> Ends, long Place)
{
    /// <summary>The trials that have ended, in the order in which they did for the last time.</summary>
    public IReadOnlyList<TrialRecord> Ended => [.. Ends.Reverse().Distinct().Reverse().Select(n => State.Trials[n]).Where(t => t.Outcome is not null)];
}
