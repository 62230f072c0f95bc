using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;

namespace GenCluster.Cli.Watching;

/// <summary>Turns views into lines: what changed between them at once, the mere passing of steps now and then.</summary>
public sealed class PlainProgress(TimeProvider time)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    private readonly ProgressClock clock = new(time);
    private readonly Dictionary<int, long> spoken = [];
    private readonly Dictionary<int, string> waits = []; // as they were told last
    private SweepView? before;

    public IReadOnlyList<string> Lines(SweepView view)
    {
        var lines = new List<string>();
        if (before is null)
            lines.Add(Header(view.Spec));
        AddNotices(lines, view);
        AddWorkers(lines, view);
        var estimate = clock.Estimate(view);
        foreach (var trial in view.Trials)
            AddTrial(lines, view.Spec, before?.Trials.FirstOrDefault(t => t.Number == trial.Number), trial, estimate);
        before = view;
        return lines;
    }

    private static string Header(SweepSpec spec) =>
        $"sweep {spec.Name}: {spec.Trainable.Model} on {spec.Data.Dataset}, {Words.Count(spec.Search.MaxTrials, "trial")}"
        + $"{(spec.Training.Steps == CommandSpec.NoEnd ? "" : $" of {spec.Training.Steps} steps")}, {spec.Search.ParallelTrials} at a time; {spec.Objective.Goal.ToString().ToLowerInvariant()} {spec.Objective.Metric}";

    // The list holds the newest hundred: what is new is what follows the last one seen.
    private void AddNotices(List<string> lines, SweepView view)
    {
        var (old, now) = (before?.Notices ?? [], view.Notices);
        int kept = Enumerable.Range(0, old.Count + 1).First(dropped => now.Take(old.Count - dropped).SequenceEqual(old.Skip(dropped)));
        lines.AddRange(now.Skip(old.Count - kept).Select(n => $"notice: {n}"));
    }

    private void AddWorkers(List<string> lines, SweepView view)
    {
        foreach (var worker in view.Workers)
        {
            bool? was = before?.Workers.FirstOrDefault(w => w.Worker == worker.Worker)?.Alive;
            if (worker.Alive && was is not true)
                lines.Add($"{worker.Worker} joined ({worker.Device})");
            else if (!worker.Alive && was is true)
                lines.Add($"{worker.Worker} lost");
        }
    }

    private void AddTrial(List<string> lines, SweepSpec spec, TrialView? old, TrialView trial, SweepEstimate estimate)
    {
        string name = $"trial {trial.Number}";
        string metric = spec.Objective.Metric;
        if (old is null && trial.Assignment.Settings.Length > 0)
            lines.Add($"{name}  {ParameterText.Describe(trial.Assignment, ParameterNames.Shorten([.. spec.Parameters.Parameters.Select(p => p.Path)]))}");
        if (trial.Untrained is { } untrained && old?.Untrained is null)
            lines.Add($"{name}  untrained {metric} {Numbers.Significant(untrained, 5)}");
        if (trial.Objective is { } objective && !objective.Equals(old?.Objective) && !objective.Equals(trial.Untrained) && (old is not null || !IsOver(trial)))
            lines.Add($"{name}  step {Words.StepOf(trial.EvaluatedStep ?? trial.Step, trial.Steps)}  {metric} {Numbers.Significant(objective, 5)}");
        if (old?.Phase != trial.Phase || old.Attempts != trial.Attempts)
        {
            if (old is not null || trial.Phase is not TrialPhase.Pending)
                lines.Add($"{name}  {Transition(trial, metric)}");
        }
        else if (trial.Waiting is { } reason && waits.GetValueOrDefault(trial.Number) != reason && IsTimeFor(trial.Number))
        {
            waits[trial.Number] = reason;
            lines.Add($"{name}  waits: {reason}");
        }
        else if (trial.Phase is TrialPhase.Running && trial.Step != old.Step && IsTimeFor(trial.Number))
            lines.Add($"{name}  {Passing(trial, estimate)}");
    }

    private static bool IsOver(TrialView trial) => trial.Phase is not (TrialPhase.Pending or TrialPhase.Running or TrialPhase.Paused);

    private bool IsTimeFor(int trial)
    {
        long now = time.GetTimestamp();
        if (spoken.TryGetValue(trial, out long last) && time.GetElapsedTime(last, now) < Quiet)
            return false;
        spoken[trial] = now;
        return true;
    }

    private static string Transition(TrialView trial, string metric) => trial.Phase switch
    {
        TrialPhase.Running => $"running on {string.Join(", ", trial.Gang)}{(trial is { Step: > 0, Attempts: > 1 } ? $" from step {trial.Step}" : "")}",
        TrialPhase.Succeeded =>
            $"succeeded  {metric} {(trial.Objective is { } o ? Numbers.Significant(o, 5) : "-")}  {trial.Step} steps  weights sha256 {trial.WeightsSha256}",
        _ when trial.Message.Length > 0 => $"{Words.Of(trial.Phase)}: {trial.Message}",
        _ => Words.Of(trial.Phase),
    };

    private static string Passing(TrialView trial, SweepEstimate estimate)
    {
        string line = $"step {Words.StepOf(trial.Step, trial.Steps)}  {Numbers.Significant(trial.StepsPerSecond, 3)} steps/s";
        foreach (var loss in LossChoice.Of(trial.Losses))
            line += $"  {loss.Name} {Numbers.Significant(loss.Value, 4)}";
        return estimate.Trials.TryGetValue(trial.Number, out var left) ? line + $"  {Numbers.Duration(left)} left" : line;
    }
}
