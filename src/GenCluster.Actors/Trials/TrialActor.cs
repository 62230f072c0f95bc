using System.Security.Cryptography;
using Akka.Actor;
using Akka.Event;
using GenCluster.Actors.Persistence;
using GenCluster.Actors.Protocol;
using GenCluster.Core.Decisions;
using GenCluster.Core.Identity;
using GenCluster.Core.Sweeps;
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
    private readonly Dictionary<WorkerId, IActorRef> voices = []; // of the gang, also of one that an earlier coordinator placed

    private IReadOnlyList<Local.PlacedMember> gang = [];
    private byte[] secret = [];
    private bool requested;
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
        Command<Local.WorkerLost>(m => Lose(m.Worker, m.Reason, m.Cause));
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
        else if (!State.IsStuck)
        {
            Proceed(); // a stuck one waits to be forgiven, or to be begun
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
        else if (State is { Phase: TrialPhase.Pending, Definition: { } definition } && !draining && !requested)
            Request(definition.Resources);
    }

    /// <summary>Asks for a gang, once: a second wish that crosses its fulfilment would bring a second gang.</summary>
    private void Request(ResourceSpec resources)
    {
        requested = true;
        coordinator.Tell(new Local.RequestGang(new GangRequest(trial, resources.MinWorkers, resources.MaxWorkers)));
    }

    private void Conclude()
    {
        Relieve();
        Show();
        if (State.Outcome is { } outcome)
            Context.Parent.Tell(new Local.TrialHasEnded(trial.Number, outcome));
    }

    private void Place(Local.GangPlaced placed)
    {
        requested = false;
        if (draining || State.Phase is not TrialPhase.Pending)
        {
            coordinator.Tell(new Local.ReleaseGang(trial));
            return;
        }

        Execute(new GrantLease([.. placed.Members.Select(m => m.Worker)]), _ =>
        {
            gang = placed.Members;
            foreach (var member in gang)
                voices[member.Worker] = member.Ref;
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
        bool isMember = State.Phase is TrialPhase.Running && State.Gang.Contains(seen.Worker);
        if (isMember && seen.Held == State.Lease)
        {
            Recognise(seen);
            return;
        }

        if (isMember)
            Lose(seen.Worker, $"{seen.Worker} was started again");
        if (seen.Held is { } held && held.Trial == trial)
        {
            seen.Ref.Tell(new ToWorker.LeaseOver(held));
            coordinator.Tell(new Local.ClaimIsOver(trial, seen.Worker));
        }
    }

    /// <summary>A member of a gang that an earlier coordinator placed is still at work.</summary>
    private void Recognise(Local.WorkerSeen member)
    {
        unseen.Remove(member.Worker);
        voices[member.Worker] = member.Ref;
        if (draining)
            TellLeaderToDrain();
    }

    private void Lose(WorkerId worker, string reason, FailureClass cause = FailureClass.Lost)
    {
        if (State.Phase is TrialPhase.Running && State.Gang.Contains(worker))
            EndNow(new EndLease(State.Epoch, cause, reason));
    }

    private void LoseUnseen()
    {
        if (unseen.Count > 0)
            Lose(unseen.First(), $"{unseen.First()} did not come back after the coordinator was restarted");
    }

    private void Drain(Local.DrainTrial drain)
    {
        draining |= drain.ForGood;
        if (State.Phase is TrialPhase.Running)
            TellLeaderToDrain();
    }

    /// <summary>The leader alone: the others would break its last step.</summary>
    private void TellLeaderToDrain() => voices.GetValueOrDefault(State.Gang[0])?.Tell(new ToWorker.StopRun(epoch, State.Lease, Drain: true));

    private bool IsStale(ILeaseMessage message) =>
        message.Lease != State.Lease || (State.Phase is not TrialPhase.Running && message is not FromWorker.RunEnded);

    private void Report(FromWorker.EvaluationReported message)
    {
        int at = message.Report.Step;
        if (!State.Definition!.Training.IsEvaluatedAt(at))
        {
            Lose(State.Gang[0], $"{State.Gang[0]} reported an evaluation at step {at}, where trial {trial} has none");
            return;
        }

        Execute(new ReportMetrics(message.Lease.Epoch, message.Report), d =>
        {
            Sender.Tell(d.IsRefused ? new ToWorker.LeaseOver(message.Lease) : new ToWorker.ReportAccepted(message.Lease, at));
            Show();
        });
    }

    private void Commit(FromWorker.CheckpointStored message)
    {
        int at = message.Manifest.Step;
        if (at > State.Definition!.Training.Steps)
        {
            Lose(State.Gang[0], $"{State.Gang[0]} stored a checkpoint of step {at}; trial {trial} has {State.Definition.Training.Steps}");
            return;
        }

        Execute(new CommitCheckpoint(message.Lease.Epoch, message.Manifest), d =>
            Sender.Tell(d.IsRefused ? new ToWorker.LeaseOver(message.Lease) : new ToWorker.CheckpointAccepted(message.Lease, at, [.. State.Checkpoints])));
    }

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
                EndNow(new EndLease(message.Lease.Epoch, FailureClass.Preempted, "drained"), toAcknowledge: message.Lease);
                break;
            case RunOutcome.Broken { Failure: FailureClass.Lost } broken when State.Phase is TrialPhase.Running && State.Gang.Length > 1:
                Suspect(new EndLease(message.Lease.Epoch, broken.Failure, broken.Message));
                break;
            case RunOutcome.Broken broken:
                EndNow(new EndLease(message.Lease.Epoch, broken.Failure, broken.Message), toAcknowledge: message.Lease);
                break;
            default:
                Sender.Tell(new ToWorker.OutcomeAccepted(message.Lease)); // a follower is done; its leader speaks for it
                break;
        }
    }

    /// <summary>Waits for a better cause. Whoever gave this one says it again, and is answered when the end is written.</summary>
    private void Suspect(EndLease echo)
    {
        if (suspected is not null)
            return;
        suspected = echo;
        Timers.StartSingleTimer(CauseTimeIsOver.Instance, CauseTimeIsOver.Instance, CauseTime);
    }

    private void EndSuspected()
    {
        if (suspected is { } cause)
            EndNow(cause);
    }

    private void EndNow(EndLease command, Lease? toAcknowledge = null) => Execute(command, d =>
    {
        if (toAcknowledge is { } lease)
            Sender.Tell(new ToWorker.OutcomeAccepted(lease));
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
        foreach (var voice in voices.Values)
            voice.Tell(new ToWorker.StopRun(epoch, State.Lease, Drain: false));
        voices.Clear();
        gang = [];
        secret = [];
        requested = false;
        suspected = null;
        (step, progress) = (0, null); // what was heard since the checkpoint is undone
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
