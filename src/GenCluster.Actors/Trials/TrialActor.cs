using System.Security.Cryptography;
using Akka.Actor;
using Akka.Event;
using GenCluster.Actors.Persistence;
using GenCluster.Actors.Protocol;
using GenCluster.Core.Decisions;
using GenCluster.Core.Identity;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;
using GenCluster.Core.Workers;

namespace GenCluster.Actors.Trials;

/// <summary>
/// One trial: owns its gang, tells the members what to do and writes down what they say. Its parent is the sweep.
/// </summary>
internal sealed class TrialActor : EventSourcedActor<TrialState, ITrialCommand, ITrialEvent>
{
    /// <summary>
    /// How long the first word of a broken gang waits for a better one: when a member fails, the others see no more
    /// than a closed connection, and may say so first.
    /// </summary>
    private static readonly TimeSpan CauseTime = TimeSpan.FromSeconds(1.5);

    private readonly TrialId trial;
    private readonly IActorRef coordinator;
    private readonly long epoch;
    private readonly TimeSpan leaseTime;
    private readonly HashSet<WorkerId> unseen = [];

    private IReadOnlyList<Local.PlacedMember> gang = [];
    private byte[] secret = [];
    private bool draining;
    private EndLease? suspected;
    private int step;
    private StepProgress? progress;

    public TrialActor(TrialId trial, IActorRef coordinator, long epoch, TimeSpan leaseTime)
        : base($"trial-{trial.Sweep}-{trial.Number}", TrialState.New(trial))
    {
        this.trial = trial;
        this.coordinator = coordinator;
        this.epoch = epoch;
        this.leaseTime = leaseTime;

        Command<Local.Begin>(m => Execute(new CreateTrial(m.Definition), _ => Proceed()));
        Command<Local.Cancel>(m => Execute(new CancelTrial(m.Reason), _ => Conclude()));
        Command<Local.Forgive>(_ => Execute(new ForgiveStalls(), _ => Proceed()));
        Command<Local.GangPlaced>(Place);
        Command<Local.WorkerSeen>(See);
        Command<Local.WorkerLost>(m => Lose(m.Worker, m.Reason));
        Command<Local.MemberIdle>(m => Order(m.Worker));
        Command<Local.DrainTrial>(Drain);
        Command<ILeaseMessage>(IsStale, m => Sender.Tell(new ToWorker.LeaseOver(m.Lease)));
        Command<FromWorker.RunStarted>(m => Show(() => step = m.Step));
        Command<FromWorker.RunProgressed>(m => Show(() => (step, progress) = (m.Progress.Step, m.Progress)));
        Command<FromWorker.RunPictured>(m => Context.Parent.Tell(new Local.TrialPictured(new(trial.Number, m.Step, m.Picture))));
        Command<FromWorker.RunWarned>(m => Context.Parent.Tell(new Local.Notice($"trial {trial.Number}: {m.Message}")));
        Command<FromWorker.EvaluationReported>(Report);
        Command<FromWorker.CheckpointStored>(Commit);
        Command<FromWorker.RunEnded>(End);
        Command<CauseTimeIsOver>(_ => EndSuspected());
        Command<AttachTimeIsOver>(_ => LoseUnseen());
    }

    public static Props PropsFor(TrialId trial, IActorRef coordinator, long epoch, TimeSpan leaseTime) =>
        Props.Create(() => new TrialActor(trial, coordinator, epoch, leaseTime));

    protected override Decision<ITrialEvent> Decide(TrialState state, ITrialCommand command) => TrialDecider.Decide(state, command);

    protected override TrialState Apply(TrialState state, ITrialEvent @event) => TrialDecider.Apply(state, @event);

    protected override void Recovered()
    {
        if (State.Phase is TrialPhase.Running)
        {
            // The gang may still be at work: its members have the time of a lease to say that they are.
            unseen.UnionWith(State.Gang);
            Timers.StartSingleTimer(AttachTimeIsOver.Instance, AttachTimeIsOver.Instance, leaseTime);
        }
        else if (State.Definition is not null)
        {
            Proceed();
        }
    }

    /// <summary>Goes on from wherever the state is.</summary>
    private void Proceed()
    {
        Show();
        if (State.HasEnded)
            Conclude();
        else if (State.IsStuck)
            Context.Parent.Tell(new Local.TrialIsStuck(trial.Number, State.LastMessage));
        else if (State.Phase is TrialPhase.Pending && !draining)
            coordinator.Tell(new Local.RequestGang(new GangRequest(trial, State.Definition!.Resources.MinWorkers, State.Definition.Resources.MaxWorkers)));
    }

    private void Conclude()
    {
        Relieve();
        Show();
        Context.Parent.Tell(new Local.TrialHasEnded(trial.Number, State.Outcome!));
    }

    private void Place(Local.GangPlaced placed)
    {
        if (draining || State.Phase is not TrialPhase.Pending)
        {
            coordinator.Tell(new Local.ReleaseGang(trial));
            return;
        }

        Execute(new GrantLease([.. placed.Members.Select(m => m.Worker)]), _ =>
        {
            gang = placed.Members;
            secret = RandomNumberGenerator.GetBytes(32);
            unseen.Clear();
            Log.Info("trial {0} epoch {1} goes to {2}", trial, State.Epoch, string.Join(", ", State.Gang));
            foreach (var member in gang)
                Order(member.Worker);
            Show();
        });
    }

    /// <summary>Tells a member what to do; again, when it seems not to have heard.</summary>
    private void Order(WorkerId worker)
    {
        if (State.Phase is not TrialPhase.Running || suspected is not null)
            return;
        int member = State.Gang.IndexOf(worker);
        if (member < 0)
            return;
        if (gang.Count == 0)
        {
            // A gang of an earlier coordinator, whose secret is gone: it cannot be joined any more.
            Lose(worker, $"{worker} gave up its part of {State.Lease}");
            return;
        }

        var members = gang.Select(m => new GangMember(m.Worker, m.Host, m.Port)).ToArray();
        var order = new TrialOrder(State.Lease, State.Definition!, members, member, secret, [.. State.Checkpoints]);
        gang[member].Ref.Tell(new ToWorker.RunTrial(epoch, order));
    }

    private void See(Local.WorkerSeen seen)
    {
        if (State.Phase is TrialPhase.Running && State.Gang.Contains(seen.Worker))
        {
            if (seen.Held == State.Lease)
                unseen.Remove(seen.Worker);
            else
                Lose(seen.Worker, $"{seen.Worker} was started again");
        }
        else if (seen.Held is { } held && held.Trial == trial)
        {
            seen.Ref.Tell(new ToWorker.LeaseOver(held));
        }
    }

    private void Lose(WorkerId worker, string reason)
    {
        if (State.Phase is TrialPhase.Running && State.Gang.Contains(worker))
            EndNow(new EndLease(State.Epoch, FailureClass.Lost, reason));
    }

    private void LoseUnseen()
    {
        if (unseen.Count > 0)
            Lose(unseen.First(), $"{unseen.First()} did not come back after the coordinator was restarted");
    }

    private void Drain(Local.DrainTrial drain)
    {
        draining |= drain.ForGood;
        if (State.Phase is TrialPhase.Running && gang.Count > 0)
            gang[0].Ref.Tell(new ToWorker.StopRun(epoch, State.Lease, Drain: true)); // the others would break the leader's last step
    }

    private bool IsStale(ILeaseMessage message) => message.Lease != State.Lease || (State.HasEnded && message is not FromWorker.RunEnded);

    private void Report(FromWorker.EvaluationReported message) => Execute(new ReportMetrics(message.Lease.Epoch, message.Report), d =>
    {
        Sender.Tell(d.IsRefused ? new ToWorker.LeaseOver(message.Lease) : new ToWorker.ReportAccepted(message.Lease, message.Report.Step));
        Show();
    });

    private void Commit(FromWorker.CheckpointStored message) => Execute(new CommitCheckpoint(message.Lease.Epoch, message.Manifest), d =>
        Sender.Tell(d.IsRefused
            ? new ToWorker.LeaseOver(message.Lease)
            : new ToWorker.CheckpointAccepted(message.Lease, message.Manifest.Step, [.. State.Checkpoints])));

    private void End(FromWorker.RunEnded message)
    {
        switch (message.Outcome)
        {
            case RunOutcome.Completed done when message.Member == 0:
                Execute(new CompleteTrial(message.Lease.Epoch, done.Steps, done.WeightsSha256), d =>
                {
                    Sender.Tell(new ToWorker.OutcomeAccepted(message.Lease));
                    if (!d.IsRefused && !d.Events.IsEmpty)
                        Conclude();
                });
                break;
            case RunOutcome.Drained when message.Member == 0:
                Sender.Tell(new ToWorker.OutcomeAccepted(message.Lease));
                EndNow(new EndLease(message.Lease.Epoch, FailureClass.Preempted, "drained"));
                break;
            case RunOutcome.Broken broken:
                Sender.Tell(new ToWorker.OutcomeAccepted(message.Lease));
                Suspect(new EndLease(message.Lease.Epoch, broken.Failure, broken.Message));
                break;
            default:
                Sender.Tell(new ToWorker.OutcomeAccepted(message.Lease)); // a follower is done; its leader speaks for it
                break;
        }
    }

    private void Suspect(EndLease cause)
    {
        if (State.Phase is not TrialPhase.Running)
            return;
        bool mayBeAnEcho = cause.Cause is FailureClass.Lost && State.Gang.Length > 1;
        if (!mayBeAnEcho)
        {
            EndNow(cause);
        }
        else if (suspected is null)
        {
            suspected = cause;
            Timers.StartSingleTimer(CauseTimeIsOver.Instance, CauseTimeIsOver.Instance, CauseTime);
        }
    }

    private void EndSuspected()
    {
        if (suspected is { } cause)
            EndNow(cause);
    }

    private void EndNow(EndLease command) => Execute(command, d =>
    {
        if (d.IsRefused)
            return;
        Log.Info("trial {0} epoch {1} ended: {2}, {3}", trial, command.Epoch, command.Cause, command.Message);
        if (command.Cause is not FailureClass.Preempted)
            Context.Parent.Tell(new Local.Notice($"trial {trial.Number}: {command.Message}"));
        Relieve();
        Proceed();
    });

    /// <summary>Sends the gang home and gives its workers back.</summary>
    private void Relieve()
    {
        foreach (var member in gang)
            member.Ref.Tell(new ToWorker.StopRun(epoch, State.Lease, Drain: false));
        gang = [];
        secret = [];
        suspected = null;
        progress = null;
        unseen.Clear();
        Timers.CancelAll();
        coordinator.Tell(new Local.ReleaseGang(trial));
    }

    private void Show(Action change)
    {
        change();
        Show();
    }

    private void Show()
    {
        if (State.Definition is not { } definition)
            return;
        int reached = State.Outcome?.Steps ?? Math.Max(step, State.Checkpoints.IsEmpty ? 0 : State.Checkpoints[0].Step);
        Context.Parent.Tell(new Local.TrialChanged(new(
            trial.Number, State.Phase, definition.Settings, reached, definition.Training.Steps, progress?.StepsPerSecond ?? 0,
            State.Objective, State.Untrained, progress?.Losses ?? [], State.Gang, State.Epoch,
            State.Outcome?.WeightsSha256 ?? "", State.Outcome?.Message ?? State.LastMessage)
        {
            EvaluatedStep = State.Reports.IsEmpty ? null : State.Reports.Keys.Last(),
        }));
    }

    private sealed record CauseTimeIsOver : ILocal
    {
        public static readonly CauseTimeIsOver Instance = new();
    }

    private sealed record AttachTimeIsOver : ILocal
    {
        public static readonly AttachTimeIsOver Instance = new();
    }
}
