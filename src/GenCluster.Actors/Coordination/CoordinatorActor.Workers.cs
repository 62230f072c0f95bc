using Akka.Actor;
using Akka.Event;
using Akka.Remote;
using GenCluster.Actors.Protocol;
using GenCluster.Core.Identity;
using GenCluster.Core.Metrics;
using GenCluster.Core.Placement;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Core.Workers;

namespace GenCluster.Actors.Coordination;

/// <summary>Workers that come, are heard of, leave, and are lost.</summary>
public sealed partial class CoordinatorActor
{
    private void Greet(FromWorker.Hello hello)
    {
        if (hello.Version != FromWorker.ProtocolVersion)
        {
            Sender.Tell(new ToWorker.Rejected(
                $"worker {hello.Worker} speaks protocol {hello.Version} and the coordinator {FromWorker.ProtocolVersion}; install the same release on both"));
            return;
        }

        if (IsPast(hello.Epoch))
            return;
        Sender.Tell(new ToWorker.Welcome(State.Epoch));
        if (ledger.Find(hello.Worker) is { } known)
        {
            if (known.Instance == hello.Instance)
                return; // it has lost touch, or this was sent before the welcome arrived; only a heartbeat prolongs its lease
            Lose(known, WorkerLoss.Restarted, $"{hello.Worker} was started again");
        }

        if (greetings.Say(hello, Now))
            Log.Warning("{0} is heard but does not hear: what is sent to {1} does not arrive; it gets no work", hello.Worker, Sender.Path.Address);
    }

    /// <summary>A worker that heard the welcome is attached. Of one that is known the ledger knows better than its hello, which may be old.</summary>
    private void Attach(FromWorker.Hello hello, Lease? held)
    {
        TrialId? claimed = held is { } lease && State.Knows(lease.Trial.Sweep) ? lease.Trial : null; // its place for as long as nobody contradicts
        if (claimed is not null)
            claiming.Add(hello.Worker);
        ledger.Attach(hello.Worker, hello.Instance, hello.Device, hello.Host, hello.Port, claimed, Now, hello.Shared);
        refs[hello.Worker] = Sender;
        foreach (var sweep in Context.GetChildren())
            sweep.Tell(new Local.WorkerSeen(new(hello.Worker, Sender, hello.Host, hello.Port), held));
        PlaceSoon();
        ShowWorkers();
    }

    /// <summary>Whether a worker has heard of a later coordinator. Then the journal is asked who rules.</summary>
    private bool IsPast(long epoch)
    {
        if (epoch <= State.Epoch)
            return false;
        if (epoch <= refuted)
            Sender.Tell(new ToWorker.Rejected($"the journal knows of no epoch {epoch}: it is not the one that this worker has known; start the worker anew"));
        else
            Context.Parent.Tell(new InDoubt(epoch));
        return true;
    }

    private void Renew(FromWorker.Heartbeat beat)
    {
        if (IsPast(beat.Epoch))
            return;
        bool known = ledger.Renew(beat.Worker, beat.Instance, Now);
        if (!known && greetings.Answer(beat.Worker, beat.Instance, out var hello))
        {
            Attach(hello, beat.Held);
            known = true;
        }

        Sender.Tell(new ToWorker.HeartbeatAck(State.Epoch, known, beat.Number));
        if (!known)
            return;
        var holds = new Local.MemberHolds(beat.Worker, Sender, beat.Held);
        var placed = ledger.Find(beat.Worker)!.Trial;
        if (placed is { } trial)
            ToTrial(trial, holds);
        if (beat.Held is not { } lease || lease.Trial == placed)
            return;
        if (State.Knows(lease.Trial.Sweep))
            ToTrial(lease.Trial, holds); // it has not heard that it was sent home
        else
            Sender.Tell(new ToWorker.LeaseOver(lease));
    }

    private void Leave(FromWorker.Goodbye goodbye)
    {
        if (ledger.Find(goodbye.Worker) is not { } slot || slot.Instance != goodbye.Instance)
            return;
        leaving.Add(goodbye.Worker);
        if (slot.Trial is { } trial)
            ToTrial(trial, new Local.MemberLeaves(goodbye.Worker, $"{goodbye.Worker} leaves")); // its lease still counts: it may die on the way
        AfterRelease();
    }

    private void Expire()
    {
        foreach (var lost in ledger.Expire(Now))
        {
            Lose(lost, HowLost(lost.Hints), lost.Hints.HasFlag(LossHints.Disconnected)
                ? $"{lost.Worker} was lost (its connection closed)"
                : $"{lost.Worker} was lost (not heard of for {(lost.Hints is LossHints.None ? settings.LeaseTime : settings.LeaseTime / 2).TotalSeconds:0.#} s)");
        }
    }

    private static WorkerLoss HowLost(LossHints hints) =>
        hints.HasFlag(LossHints.Disconnected) ? WorkerLoss.Disconnected : hints is LossHints.None ? WorkerLoss.Silent : WorkerLoss.Blamed;

    private void Suspect(DisassociatedEvent @event)
    {
        foreach (var (worker, reference) in refs)
        {
            if (reference.Path.Address.Equals(@event.RemoteAddress))
                ledger.Suspect(worker, LossHints.Disconnected, Now);
        }

        Expire();
    }

    private void Suspect(WorkerId worker, LossHints hint)
    {
        ledger.Suspect(worker, hint, Now);
        Expire();
    }

    private void Lose(WorkerSlot slot, WorkerLoss how, string reason)
    {
        Log.Warning("{0}", reason);
        var cause = leaving.Contains(slot.Worker) ? FailureClass.Preempted : FailureClass.Lost;
        meters.Placement.Lost(cause is FailureClass.Preempted ? WorkerLoss.Preempted : how);
        Forget(slot.Worker);
        if (slot.Trial is { } trial)
        {
            CountFailure(slot.Worker, trial, cause);
            breaker.Relieved(slot.Worker, trial, Now);
            ToTrial(trial, new Local.WorkerLost(slot.Worker, cause, reason));
        }

        ShowWorkers();
        TellIfDrained();
    }

    private void Forget(WorkerId worker)
    {
        ledger.Remove(worker);
        refs.Remove(worker);
        claiming.Remove(worker);
        leaving.Remove(worker);
        unfit.RemoveWhere(u => u.Worker == worker); // when it comes back, it comes as a new one
    }

    private void ShowWorkers()
    {
        var views = ledger.Slots.Select(s => new WorkerView(s.Worker, true, s.Device, s.Trial) { SetAside = breaker.Of(s.Worker, Now) }).ToArray();
        foreach (var sweep in Context.GetChildren())
            sweep.Tell(new Local.WorkersChanged(views));
    }
}
