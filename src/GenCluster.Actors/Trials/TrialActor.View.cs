using Akka.Actor;
using GenCluster.Actors.Protocol;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;

namespace GenCluster.Actors.Trials;

/// <summary>What people see of a trial.</summary>
internal sealed partial class TrialActor
{
    private StepProgress? progress;
    private string? awaited; // why there is no gang yet

    private void Notify(string message) => Context.Parent.Tell(new Local.Notice($"trial {trial.Number}: {message}"));

    private void Await(Local.GangAwaited message)
    {
        awaited = message.Reason;
        Show();
    }

    private void Show()
    {
        if (State.Definition is not { } definition)
            return;
        int heard = roster?.Step ?? 0;
        int reached = State.Outcome?.Steps ?? Math.Max(heard, State.Checkpoints.IsEmpty ? 0 : State.Checkpoints[0].Step);
        Context.Parent.Tell(new Local.TrialChanged(new(
            trial.Number, State.Phase, definition.Settings, reached, definition.Training.Steps, progress?.StepsPerSecond ?? 0,
            State.Objective, State.Untrained, progress?.Losses ?? [], State.Gang, State.Attempts,
            State.Outcome?.WeightsSha256 ?? "", State.Outcome?.Message ?? State.LastMessage)
        {
            Measured = State.Outcome?.Metrics ?? (State.Reports.IsEmpty ? [] : State.Reports.Values.Last().Metrics),
            Until = State.Until,
            DeviceSeconds = State.DeviceSeconds,
            DeviceSecondsAt = State.GangSince,
            EvaluatedStep = State.Reports.IsEmpty ? null : State.Reports.Keys.Last(),
            LastCause = State.Outcome is { } outcome ? outcome.Failure : State.LastCause,
            Restarts = State.Restarts,
            Delay = State.Phase is TrialPhase.Pending ? State.Delay : TimeSpan.Zero,
            Waiting = State.Phase is TrialPhase.Pending && requested ? awaited : null,
            Epoch = State.Epoch,
            Members = State.Phase is TrialPhase.Running ? ViewMembers() : [],
        }));
    }

    private IReadOnlyList<MemberView> ViewMembers() =>
    [
        .. State.Gang.Select((worker, i) => new MemberView(worker, i < shares.Length ? shares[i] : 0, Joins: false, stragglers.Of(worker))),
        .. roster?.Joiners.Select(worker => new MemberView(worker, 0, Joins: true, null)) ?? [],
    ];
}
