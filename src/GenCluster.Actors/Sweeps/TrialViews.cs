using System.Collections;
using System.Collections.Immutable;
using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;

namespace GenCluster.Actors.Sweeps;

/// <summary>All trials of a sweep as people see them at one moment. Each view is made when it is looked at: a sweep may have many.</summary>
/// <param name="shown">What the trials' actors showed last.</param>
internal sealed class TrialViews(SweepState state, ImmutableDictionary<int, TrialView> shown) : IReadOnlyList<TrialView>
{
    public int Count => state.Trials.Count;

    public TrialView this[int index] => ViewOf(state.Trials[index + 1]);

    public IEnumerator<TrialView> GetEnumerator() => state.Trials.Values.Select(ViewOf).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>What its actor showed last, with the searched values alone; the sweep's own record where there is none.</summary>
    private TrialView ViewOf(TrialRecord trial)
    {
        var outcome = trial.Outcome;
        var view = (shown.GetValueOrDefault(trial.Number)
            ?? new TrialView(trial.Number, TrialPhase.Pending, Assignment.Empty, 0, state.Spec!.Training.Steps, 0, null, null, [], [], 0, "", "")) with
        {
            Assignment = trial.Assignment,
            Parent = trial.Origin is null ? null : trial.Parent,
        };
        return outcome is null
            ? view
            : view with
            {
                Phase = outcome.Phase,
                Step = outcome.Steps,
                StepsPerSecond = 0,
                Objective = outcome.Objective,
                Untrained = outcome.Untrained,
                Measured = outcome.Metrics ?? [],
                Gang = [],
                WeightsSha256 = outcome.WeightsSha256,
                Message = outcome.Message,
            };
    }
}
