using static GenCluster.Dashboards.Tests.Dashboards.Pages.Select;

namespace GenCluster.Dashboards.Tests.Dashboards.Pages;

/// <summary>How far is a sweep, what has it found, and what did it cost?</summary>
internal static class SweepPage
{
    public static Dashboard Page { get; } = new(
        "sweep", "Sweep", "How far sweeps are, what they have found, and what it cost. Curves of trials that ended are in the API and in their run folders.",
        [Namespace, Sweep], [Progress, Trials]);

    private static Row Progress => new(
        "The sweep",
        Number(
            "Trials that run", "none", "Trials that have workers now.",
            new Query($$"""sum({{OfSweep("gencluster_sweep_trials", "state=\"running\"")}})""", "running")),
        Number(
            "Trials that ended", "none", "Succeeded, pruned, failed and cancelled ones together.",
            new Query($$"""sum({{OfSweep("gencluster_sweep_trials", "state=~\"succeeded|pruned|failed|cancelled\"")}})""", "ended")),
        Number(
            "Failed", "none", "Trials that failed for good, after their restarts.",
            new Query($$"""sum({{OfSweep("gencluster_sweep_trials", "state=\"failed\"")}})""", "failed")).Set(warn: 1, alerts: ["GenClusterTrialFailureRateHigh"]),
        Number(
            "Best objective", "none", "The best of the trials that have ended: the lowest or the highest, as the sweep's goal says.",
            new Query($"max by (sweep) ({OfSweep("gencluster_sweep_best_objective")})", "{{sweep}}")).Set(width: 6),
        Number(
            "Device time of ended trials", "s", "Workers times the time they worked, added up: what budget.gpuHours counts.",
            new Query($"max by (sweep) ({OfSweep("gencluster_sweep_device_seconds")})", "{{sweep}}")).Set(width: 6),
        Stack(
            "Trials by state", "none",
            "Trials go from pending to running to an end. Those that early stopping ends are pruned; paused ones wait at a milestone for the others.",
            new Query($"sum by (state) ({OfSweep("gencluster_sweep_trials")})", "{{state}}")).Set(width: 12),
        Lines(
            "Best objective over time", "none", "A line that has been flat for long: the search has found what it will find, or budget.plateau would end it.",
            new Query($"max by (sweep) ({OfSweep("gencluster_sweep_best_objective")})", "{{sweep}}")).Set(width: 12));

    private static Row Trials => new(
        "Its living trials",
        new Panel(
            Look.Bars, "How far trials are", "Of the steps that a trial is to train. Programs that say no number of steps are not shown.", "percentunit",
            new Query(
                $"max by (sweep, trial) ({OfSweep("gencluster_trial_step")}) / max by (sweep, trial) ({OfSweep("gencluster_trial_steps")} > 0)", "{{sweep}} {{trial}}")).Set(min: 0, max: 1),
        Lines(
            "Objective at the last evaluation", "none", "A line for each trial that lives. Lines that cross late are why early stopping must not be too eager.",
            new Query($"max by (sweep, trial) ({OfSweep("gencluster_trial_objective")})", "{{sweep}} {{trial}}")).Set(width: 16),
        Lines(
            "Steps in a second", "none", "How fast each trial moves.",
            new Query($"max by (sweep, trial) (deriv({OfSweep("gencluster_trial_step")}[$__rate_interval]))", "{{sweep}} {{trial}}")).Set(min: 0),
        Stack(
            "Workers of trials", "none", "Gangs grow and shrink between resources.workers.min and max.",
            new Query($"max by (sweep, trial) ({OfSweep("gencluster_trial_workers")})", "{{sweep}} {{trial}}")),
        Lines(
            "Restarts used up", "percentunit", "Of those that budget.maxRestarts allows. Lost and leaving machines never count.",
            new Query(
                $"max by (sweep, trial) ({OfSweep("gencluster_trial_restarts")}) / max by (sweep, trial) ({OfSweep("gencluster_trial_restarts_allowed")} > 0)",
                "{{sweep}} {{trial}}")).Set(min: 0, max: 1, warn: 0.5, alerts: ["GenClusterRetriesBurning"]));
}
