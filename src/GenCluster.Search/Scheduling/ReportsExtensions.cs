using System.Globalization;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Search.Standings;

namespace GenCluster.Search.Scheduling;

/// <summary>Questions about what trials have reported. Evaluations of untrained weights are left out: they tell nothing of a configuration.</summary>
internal static class ReportsExtensions
{
    public static double Cost(this SearchHistory history, TrialReport report) =>
        history.Objective.Cost(report.Report.Find(history.Objective.Metric));

    /// <summary>The reports of one trial, in the order of their arrival.</summary>
    public static IEnumerable<TrialReport> Of(this SearchHistory history, int trial) =>
        history.Reports.Where(r => r.Number == trial && r.Step > 0);

    /// <summary>The step of the trial's report before the last one; 0 when there is none.</summary>
    public static int StepBefore(this SearchHistory history, TrialReport last) => history.Reports.SkipLast(1)
        .Where(r => r.Number == last.Number).Select(r => r.Step).DefaultIfEmpty(0).Max();

    /// <summary>The highest step that the trial has reported; 0 when there is none.</summary>
    public static int LastStep(this SearchHistory history, int trial) => history.Of(trial).Select(r => r.Step).DefaultIfEmpty(0).Max();

    /// <summary>Whether the sweep proposes nothing more.</summary>
    public static bool AllProposed(this SearchHistory history) => history.Trials.Count(t => t.Replaces is null) >= history.MaxTrials;

    /// <summary>Whether a trial is at work, not waiting and not over.</summary>
    public static bool IsAtWork(this TrialRecord trial) => trial is { Outcome: null, WaitsAt: null };

    /// <summary>The step rounded up to one that is evaluated.</summary>
    public static int Evaluated(this SearchHistory history, double step)
    {
        int every = Math.Max(1, history.EvaluateEvery);
        double rounded = Math.Ceiling(Math.Max(1, step) / every) * every;
        return rounded >= history.Steps ? history.Steps : (int)rounded;
    }

    /// <summary>The number as people read it.</summary>
    public static string Shown(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
