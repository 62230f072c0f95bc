using System.Text.Json;
using GenCluster.Core.Identity;
using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Server.Api;
using GenCluster.Server.ReadModel;

namespace GenCluster.Cli.Following;

/// <summary>
/// A sweep of a server as the displays want it: what the API told at first, with what it told since. Of the specification
/// there is as much as displays show.
/// </summary>
internal sealed class FollowedSweep
{
    private readonly SortedDictionary<int, TrialView> trials = [];
    private SweepView view;

    public FollowedSweep(SweepDetail detail)
    {
        foreach (var trial in detail.TrialList)
            trials[(int)trial.Number] = Of(trial, (int)detail.Steps);
        view = new SweepView(SpecOf(detail), PhaseOf(detail.Sweep.State), detail.HaltReason, [.. trials.Values], [], null, []);
    }

    public SweepView View => view with { Trials = [.. trials.Values] };

    /// <summary>Something new is in the journal.</summary>
    public void Apply(SweepEvent told)
    {
        if (told.Trial is null)
        {
            view = view with { Phase = told.State is { } state ? PhaseOf(state) : view.Phase, HaltReason = told.State == nameof(SweepPhase.Halted) ? told.Message : null };
            return;
        }

        int number = (int)told.Trial;
        var trial = trials.GetValueOrDefault(number) ?? New(number, view.Spec.Training.Steps);
        trials[number] = trial with
        {
            Phase = told.State is { } phase && Enum.TryParse<TrialPhase>(phase, out var known) ? known : trial.Phase,
            Assignment = told.Parameters is { } values ? AssignmentOf(values) : trial.Assignment,
            Step = Math.Max(trial.Step, (int)(told.Step ?? 0)),
            Objective = told.Objective ?? told.Metrics?.GetValueOrDefault(view.Spec.Objective.Metric) ?? trial.Objective,
            EvaluatedStep = told.Metrics is not null ? (int?)told.Step : trial.EvaluatedStep,
            Gang = told.Workers is { } gang ? [.. gang.Select(w => new WorkerId(w))] : trial.Gang,
            Message = told.Message ?? trial.Message,
        };
    }

    /// <summary>How far those at work are by now.</summary>
    public void Apply(SweepProgress progress)
    {
        foreach (var now in progress.Trials.Where(t => trials.TryGetValue(t.Number, out var trial) && IsLive(trial)))
        {
            trials[now.Number] = trials[now.Number] with
            {
                Step = now.Step,
                Steps = now.Steps,
                StepsPerSecond = now.StepsPerSecond,
                Losses = [.. now.Losses.Select(l => new Metric(l.Key, l.Value ?? double.NaN))],
                Waiting = now.Waiting,
            };
        }

        view = view with
        {
            Workers = [.. progress.Workers.Select(w => new WorkerView(
                new WorkerId(w.Name), w.Alive, w.Device, w is { Sweep: { } sweep, Trial: { } trial } ? new TrialId(new SweepId(sweep), trial) : null))],
            Notices = progress.Notices,
        };
    }

    private static bool IsLive(TrialView trial) => trial.Phase is TrialPhase.Pending or TrialPhase.Running or TrialPhase.Paused;

    private static TrialView New(int number, int steps) =>
        new(number, TrialPhase.Pending, Assignment.Empty, 0, steps, 0, null, null, [], [], 0, "", "");

    private static TrialView Of(TrialSummary trial, int steps) => New((int)trial.Number, steps) with
    {
        Phase = Enum.TryParse<TrialPhase>(trial.State, out var phase) ? phase : TrialPhase.Pending,
        Assignment = AssignmentOf(trial.Parameters),
        Step = (int)(trial.Step ?? 0),
        Objective = trial.Objective,
        Untrained = trial.Untrained,
        Attempts = trial.Attempts,
        WeightsSha256 = trial.WeightsSha256 ?? "",
        Message = trial.Message ?? "",
    };

    private static SweepPhase PhaseOf(string state) => Enum.TryParse<SweepPhase>(state, out var phase) ? phase : SweepPhase.Running;

    private static Assignment AssignmentOf(JsonElement values) => values.Deserialize<Assignment>(ApiJson.Options) ?? Assignment.Empty;

    private static SweepSpec SpecOf(SweepDetail detail)
    {
        var sweep = detail.Sweep;
        Parameter[] searched = [.. detail.Searched.EnumerateObject().Select(p => new Parameter(p.Name, new Constant(ParameterValue.Of(p.Value.GetString() ?? ""))))];
        return new SweepSpec(
            sweep.Name,
            new TrainableSpec(sweep.Model, Assignment.Empty),
            new DataSpec(detail.Dataset, null, 0, 0),
            new TrainingSpec((int)detail.Steps, 1, 1, 1, 1, 0, 1),
            new EvaluationSpec(0, 0, 0),
            new ObjectiveSpec(sweep.Metric, Enum.Parse<Goal>(sweep.Goal)),
            new SearchSpec(detail.Algorithm, (int)sweep.MaxTrials, 1),
            new ParameterSpace(searched),
            new ResourceSpec(1, 1, "auto"),
            new BudgetSpec(0));
    }
}
