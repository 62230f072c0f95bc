using Akka.Actor;
using GenCluster.Actors.Protocol;
using GenCluster.Core.Identity;
using GenCluster.Core.Trials;

namespace GenCluster.Actors.Trials;

/// <summary>What the coordinator tells a trial of its workers: who comes, goes, leaves, and what each says it holds.</summary>
internal sealed partial class TrialActor
{
    private void Invite(Local.GangGrown grown)
    {
        if (State.Phase is not TrialPhase.Running || roster is null)
            return; // they went back with the gang; to give them back again might take them from the next one

        foreach (var joiner in grown.Joiners)
        {
            if (roster.IsDraining || roster.Members.Contains(joiner.Worker))
            {
                coordinator.Tell(new Local.ReleaseMember(trial, joiner.Worker, Unfit: false));
                continue;
            }

            contacts[joiner.Worker] = joiner;
            roster = roster.Invited(joiner.Worker);
            Order(joiner.Worker);
        }

        Show();
        Act();
    }

    /// <summary>Gives back joiners at once and members with the next change, never going below the minimum.</summary>
    private void Spare(Local.SpareWorkers spare)
    {
        if (State.Phase is TrialPhase.Running && roster is { IsDraining: false })
        {
            WorkerId[] joiners = [.. roster.Joiners.Where(spare.Workers.Contains)];
            foreach (var joiner in joiners)
            {
                roster = roster.Lost(joiner, FailureClass.Preempted, "");
                Dismiss(joiner, unfit: false);
            }

            roster = roster.Spared(spare.Workers, Now);
        }

        TellSparing();
        Act();
    }

    private void TellSparing() => coordinator.Tell(new Local.Sparing(trial, [.. roster?.Sparing ?? [], .. leavers]));

    /// <summary>Makes room for a trial that comes first, after a checkpoint: no step is lost.</summary>
    private void Yield(Local.Preempt preempt)
    {
        if (State.Phase is TrialPhase.Running && roster is { IsDraining: false })
            DrainGang(preempt.Reason);
    }

    private void LetLeave(Local.MemberLeaves leave)
    {
        if (State.Phase is not TrialPhase.Running || roster is null)
            return;
        if (roster.Joiners.Contains(leave.Worker))
        {
            roster = roster.Lost(leave.Worker, FailureClass.Preempted, leave.Reason);
            Dismiss(leave.Worker, unfit: false);
        }
        else
        {
            roster = roster.Leaving(leave.Worker, leave.Reason, Now);
        }

        Act();
    }

    private void Lose(Local.WorkerLost lost)
    {
        contacts.Remove(lost.Worker);
        leavers.Remove(lost.Worker);
        if (State.Phase is not TrialPhase.Running || roster is null)
            return;
        roster = roster.Lost(lost.Worker, lost.Cause, lost.Reason);
        Act();
    }

    /// <summary>A worker said hello. One of a gang that an earlier coordinator placed is recognised by the lease it holds.</summary>
    private void See(Local.WorkerSeen seen)
    {
        var worker = seen.Worker.Worker;
        bool isMember = State.Phase is TrialPhase.Running && State.Gang.Contains(worker);
        if (isMember && seen.Held is { } lease && lease.Trial == trial && lease.Epoch <= State.Epoch)
        {
            contacts[worker] = seen.Worker;
            roster = roster!.Seen(worker);
            if (lease != State.Lease)
                Order(worker); // the coordinator died before it could tell
            if (roster.IsDraining || draining)
                TellLeaderToDrain();
            Act();
            return;
        }

        if (isMember)
        {
            roster = roster!.Lost(worker, FailureClass.Lost, $"{worker} was started again");
            Act();
        }

        if (seen.Held is { } held && held.Trial == trial)
        {
            seen.Worker.Ref.Tell(new ToWorker.LeaseOver(held));
            coordinator.Tell(new Local.ClaimIsOver(trial, worker));
        }
    }

    /// <summary>A heartbeat says what a worker holds: whoever missed an order, or a dismissal, is told again.</summary>
    private void Remind(Local.MemberHolds holds)
    {
        bool isOurs = State.Phase is TrialPhase.Running && contacts.ContainsKey(holds.Worker);
        if (isOurs && !leavers.Contains(holds.Worker))
        {
            if (holds.Held != State.Lease)
                Order(holds.Worker);
            else if (roster!.IsDraining && holds.Worker == State.Gang[0])
                TellLeaderToDrain();
            Act();
        }
        else if (!isOurs && holds.Held is { } held && held.Trial == trial)
        {
            holds.Ref.Tell(new ToWorker.LeaseOver(held));
        }
    }

    private bool IsStale(ILeaseMessage message) =>
        message.Lease != State.Lease || (State.Phase is not TrialPhase.Running && message is not FromWorker.RunEnded);

    /// <summary>
    /// A member that speaks under an older lease has not heard of the new one, and says again what it has to say when it
    /// has. To others the lease is over.
    /// </summary>
    private void AnswerStale(ILeaseMessage message)
    {
        stale.Record();
        bool mayLose = message is FromWorker.RunStarted or FromWorker.RunProgressed or FromWorker.RunPictured or FromWorker.RunWarned or FromWorker.MemberMeasured;
        if (State.Phase is not TrialPhase.Running || Speaker is not { } speaker)
            Sender.Tell(new ToWorker.LeaseOver(message.Lease));
        else if (leavers.Contains(speaker) && message is FromWorker.GangBroke or FromWorker.RunEnded)
            DismissLeaver(speaker, message.Lease); // the others have changed over
        else if (!leavers.Contains(speaker) && !mayLose)
            Order(speaker);
        Act();
    }

    private void DismissLeaver(WorkerId leaver, Lease lease)
    {
        Sender.Tell(new ToWorker.LeaseOver(lease));
        Dismiss(leaver, unfit: false);
        TellSparing();
    }
}
