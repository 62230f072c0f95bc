using GenCluster.Actors.Protocol;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Server.ReadModel;

namespace GenCluster.Server.Api;

/// <summary>Puts together why a trial has workers or none: the coordinator's decision, and for a trial that asks for none its state.</summary>
internal static class Explaining
{
    public static TrialExplanation Of(SweepSummary sweep, TrialSummary trial, ToFace.Explained explained) => new(
        sweep.Name,
        (int)trial.Number,
        trial.State,
        ReasonOf(sweep, trial, explained),
        explained.Needs is { } n ? new TrialNeeds(n.MinWorkers, n.MaxWorkers, n.Device, n.Memory, n.Priority, n.Project) : null,
        [.. explained.Gang.Select(w => w.Value)],
        explained.Workers,
        explained.Free);

    private static string ReasonOf(SweepSummary sweep, TrialSummary trial, ToFace.Explained explained) => explained.Standing switch
    {
        ToFace.Standing.HasGang => explained.Gang.Length == 0 ? "it gives its workers back" : $"it is at work on {string.Join(", ", explained.Gang)}",
        ToFace.Standing.Waits => $"it waits: {explained.Reason}",
        _ when sweep.State == nameof(SweepPhase.Halted) => $"the sweep halted; 'gencluster show {sweep.Name}' says why",
        _ => Idle(trial),
    };

    /// <summary>Of one that asks for no workers.</summary>
    private static string Idle(TrialSummary trial) => trial.State switch
    {
        nameof(TrialPhase.Pending) => "it asks for no workers now" + (trial.Message is { } last ? $"; it is tried again after a pause, for the last time ended so: {last}" : ""),
        nameof(TrialPhase.Running) => "it is at work by the journal's word, and the coordinator waits to hear of its workers",
        nameof(TrialPhase.Paused) => "it is paused" + (trial.Message is { } why ? $": {why}" : ", by a person or by the scheduler, and asks for no workers"),
        _ => $"it has ended: {trial.State}" + (trial.Message is { } how ? $" ({how})" : ""),
    };
}
