using System.Security.Cryptography;
using Akka.Actor;
using Akka.Event;
using GenCluster.Actors.Protocol;
using GenCluster.Core.Gangs;
using GenCluster.Core.Identity;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;

namespace GenCluster.Actors.Trials;

/// <summary>
/// The trial's gang while it runs. What is heard goes into the roster, the roster says what to do, and that is written
/// down before anybody is told.
/// </summary>
internal sealed partial class TrialActor
{
    private const string Drained = "drained";
    private const int StepsBetweenBalances = 100;
    private const int NewestReports = 1_024; // as many as may be told in an order; a report that comes twice is known

    private readonly Dictionary<WorkerId, Local.PlacedMember> contacts = []; // members, joiners and leavers, as far as they are attached
    private readonly HashSet<WorkerId> leavers = []; // members of the gang before this one, until this one is at work
    private readonly StragglerWatch stragglers = new();

    private GangRoster? roster; // while the trial runs
    private int[] shares = [];
    private byte[] secret = []; // none for a gang of an earlier coordinator: it can go on, and cannot be told anything
    private bool forced;
    private int balancedAt;
    private string drainReason = Drained;
    private bool hasOthers; // when the gang was placed, there were other workers

    private void Recover()
    {
        roster = GangRoster.Recovered(State.Gang, Wish.Min, Wish.Max, Now + leaseTime);
        coordinator.Tell(new Local.HoldGang(Wish));
        if (State.StopReason is not null || State.IsHeld)
            roster = roster.Drained();
        Act();
    }

    private void Place(Local.GangPlaced placed)
    {
        requested = false;
        if (draining || State.Phase is not TrialPhase.Pending)
        {
            coordinator.Tell(new Local.ReleaseGang(trial));
            return;
        }

        Execute(new GrantLease([.. placed.Members.Select(m => m.Worker)], Clock), _ =>
        {
            foreach (var member in placed.Members)
                contacts[member.Worker] = member;
            roster = GangRoster.Of(State.Gang, Wish.Min, Wish.Max);
            hasOthers = placed.Others > 0;
            Log.Info("trial {0} epoch {1} goes to {2}", trial, State.Epoch, string.Join(", ", State.Gang));
            Begin(isForced: false, null);
        });
    }

    /// <summary>Tells everybody of the lease that is in force from now on.</summary>
    private void Begin(bool isForced, int[]? byWish)
    {
        (forced, secret, balancedAt) = (isForced, RandomNumberGenerator.GetBytes(32), roster!.Step);
        shares = byWish ?? Shares();
        stragglers.Regroup(State.Gang);
        foreach (var worker in State.Gang.Concat(roster.Joiners))
            Order(worker);
        if (roster.IsDraining)
            TellLeaderToDrain();
        Show();
    }

    private int[] Shares()
    {
        int shards = State.Definition!.Training.Shards;
        return State.Definition.Resources.Rebalance is Rebalance.Auto && stragglers.Estimated(State.Gang) is { } seconds
            ? ShardShares.Of(shards, seconds)
            : ShardShares.Even(shards, State.Gang.Length);
    }

    /// <summary>Tells a worker what to do; again, when it seems not to have heard.</summary>
    private void Order(WorkerId worker)
    {
        if (!contacts.TryGetValue(worker, out var contact))
            return;
        if (secret.Length == 0)
        {
            roster = roster!.Obsolete("the gang forms anew after the coordinator was restarted", Now);
            return;
        }

        var members = State.Gang.Select((w, i) => new GangMember(w, contacts[w].Host, contacts[w].Port, shares[i])).ToArray();
        contact.Ref.Tell(new ToWorker.RunTrial(epoch, new TrialOrder(
            State.Lease, State.Definition!, members, State.Gang.IndexOf(worker), secret, [.. State.Live], forced, [.. State.Reports.Keys.TakeLast(NewestReports)], State.Until)));
    }

    /// <summary>Does what the roster says, and calls <paramref name="written"/> when that is in the journal.</summary>
    private void Act(Action? written = null)
    {
        Timers.Cancel(LookAgain.Instance);
        if (State.Phase is not TrialPhase.Running || roster is null)
            return;
        switch (roster.Decide(Now))
        {
            case GangMove.Wait wait:
                Timers.StartSingleTimer(LookAgain.Instance, LookAgain.Instance, wait.Until > Now ? wait.Until - Now : TimeSpan.Zero);
                break;
            case GangMove.Change change:
                Change(change, null, written);
                break;
            case GangMove.Drain drain:
                DrainGang(drain.Reason);
                break;
            case GangMove.End end:
                EndNow(end.Cause, end.Message, end.Culprit, written);
                break;
            case null when Balanced() is { } better:
                Change(new GangMove.Change(State.Gang, null, $"the slower members compute fewer shards now ({string.Join(", ", better)})", Forced: false), better, null);
                break;
        }
    }

    private void Change(GangMove.Change change, int[]? byWish, Action? written) =>
        Execute(new ChangeGang(State.Epoch, change.Members, change.Cause, change.Message, roster!.Step, change.Culprit, Clock), d =>
        {
            written?.Invoke();
            if (d.IsRefused)
                return;
            Log.Info("trial {0} epoch {1}: {2}", trial, State.Epoch, change.Message);
            Notify(change.Message);
            if (State.Phase is not TrialPhase.Running)
            {
                GiveBack();
                return;
            }

            var before = roster;
            roster = before.After(change);
            foreach (var worker in contacts.Keys.Except(roster.Members).Except(roster.Joiners).ToArray())
            {
                // One that leaves has to stay for the step after which all change over.
                if (change.Forced || !before.Members.Contains(worker))
                    Dismiss(worker, unfit: worker == change.Unfit || before.IsLost(worker));
                else
                    leavers.Add(worker);
            }

            Begin(change.Forced, byWish);
            TellSparing();
            Act();
        });

    /// <summary>Better shares, if those are wanted and members are known well enough.</summary>
    private int[]? Balanced()
    {
        if (State.Definition!.Resources.Rebalance is not Rebalance.Auto || shares.Length < 2 || !roster!.IsSettled || roster.IsDraining)
            return null;
        return roster.Step - balancedAt >= StepsBetweenBalances && stragglers.Trusted(State.Gang) is { } seconds ? ShardShares.Better(shares, seconds) : null;
    }

    private void DrainGang(string reason)
    {
        drainReason = reason == Drained ? reason : $"{Drained}: {reason}";
        var joiners = roster!.Joiners;
        roster = roster.Drained();
        foreach (var joiner in joiners)
            Dismiss(joiner, unfit: false);
        coordinator.Tell(new Local.HoldGang(Wish with { Max = 0 })); // nobody is to join
        TellLeaderToDrain();
    }

    /// <summary>The leader alone: the others hear of it with the gradients, and all stop after the same step.</summary>
    private void TellLeaderToDrain()
    {
        if (contacts.TryGetValue(State.Gang[0], out var leader))
            leader.Ref.Tell(new ToWorker.StopRun(epoch, State.Lease, Drain: true, Finish: State.StopReason is not null));
    }

    /// <summary>Sends one worker home and gives it back.</summary>
    private void Dismiss(WorkerId worker, bool unfit)
    {
        leavers.Remove(worker);
        if (!contacts.Remove(worker, out var contact))
            return;
        contact.Ref.Tell(new ToWorker.StopRun(epoch, State.Lease, Drain: false));
        coordinator.Tell(new Local.ReleaseMember(trial, worker, unfit));
    }

    /// <summary>Sends the gang home and gives its workers back.</summary>
    private void Relieve()
    {
        foreach (var contact in contacts.Values)
            contact.Ref.Tell(new ToWorker.StopRun(epoch, State.Lease, Drain: false));
        contacts.Clear();
        leavers.Clear();
        stumbled.Clear();
        completion = null;
        (roster, secret, shares, drainReason, hasOthers) = (null, [], [], Drained, false);
        requested = false;
        progress = null; // what was heard since the checkpoint is undone
        Timers.CancelAll();
        coordinator.Tell(new Local.ReleaseGang(trial));
    }
}
