using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;

namespace GenCluster.Server.Api;

/// <summary>The last message to those who follow a sweep: it is over.</summary>
public sealed record SweepOver(string State);

/// <summary>What is going on in a sweep at a moment: of what lives and is not in the journal.</summary>
/// <param name="Trials">Those that have not ended, by number.</param>
/// <param name="Workers">All that the coordinator knows.</param>
/// <param name="Notices">Warnings so far, oldest first; at most the last 100.</param>
public sealed record SweepProgress(IReadOnlyList<TrialProgress> Trials, IReadOnlyList<WorkerProgress> Workers, IReadOnlyList<string> Notices)
{
    public static SweepProgress Of(SweepView view) => new(
        [.. view.Trials.Where(t => t.Phase is TrialPhase.Pending or TrialPhase.Running or TrialPhase.Paused).Select(TrialProgress.Of)],
        [.. view.Workers.Select(w => new WorkerProgress(w.Worker.Value, w.Alive, w.Device, w.Trial?.Sweep.Value, w.Trial?.Number))],
        view.Notices);
}

/// <summary>A trial that lives.</summary>
/// <param name="Step">The last one heard of.</param>
/// <param name="Objective">At the last evaluation; null before the first.</param>
/// <param name="Losses">The latest, by name; null for one that is not finite.</param>
/// <param name="Waiting">Why it has no gang; null when it has one, or does not ask for one.</param>
public sealed record TrialProgress(
    int Number, string State, int Step, int Steps, double StepsPerSecond, double? Objective, IReadOnlyDictionary<string, double?> Losses, IReadOnlyList<string> Workers,
    string? Waiting)
{
    public static TrialProgress Of(TrialView trial) => new(
        trial.Number, $"{trial.Phase}", trial.Step, trial.Steps, Finite(trial.StepsPerSecond) ?? 0, Finite(trial.Objective),
        trial.Losses.ToDictionary(l => l.Name, l => Finite(l.Value)), [.. trial.Gang.Select(w => w.Value)], trial.Waiting);

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}

/// <summary>A worker.</summary>
/// <param name="Alive">Whether it is heard of.</param>
/// <param name="Sweep">Of the trial that it works on; null: it is idle.</param>
public sealed record WorkerProgress(string Name, bool Alive, string Device, string? Sweep, int? Trial);
