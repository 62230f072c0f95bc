using Akka.Actor;
using GenCluster.Actors.Protocol;
using GenCluster.Actors.Trials;
using GenCluster.Core.Decisions;
using GenCluster.Core.Identity;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;

namespace GenCluster.Actors.Sweeps;

/// <summary>
/// The actors of the sweep's trials. What each is to be follows from the sweep's state, and it is told when that has
/// changed: after a start, all of it again.
/// </summary>
internal sealed partial class SweepActor
{
    /// <summary>A trial that is over keeps its actor for so long after others have read its checkpoints.</summary>
    private static readonly TimeSpan OpenTime = TimeSpan.FromMinutes(1);

    private readonly Dictionary<int, Directive> told = [];
    private readonly Dictionary<IActorRef, int> leaving = []; // actors on their way out: their names are not free yet
    private readonly HashSet<int> open = []; // trials that are over, and have an actor because others need their checkpoints

    private void DirectAll()
    {
        if (State.Phase is SweepPhase.Halted)
            return;
        foreach (var trial in State.Live)
            Direct(trial);
    }

    /// <summary>Tells a trial what it is to be, if that is not known to it.</summary>
    private void Direct(TrialRecord trial)
    {
        var directive = new Directive(trial.Until, trial.Round, trial.IsHeld, trial.AwaitsOrigin, trial.Asked, trial.EndsAt, State.HasEnded);
        if (told.GetValueOrDefault(trial.Number) == directive || leaving.ContainsValue(trial.Number) || (draining && !told.ContainsKey(trial.Number)))
            return;
        if (trial.AwaitsOrigin && trial.Asked is null && !State.HasEnded)
        {
            AskForOrigin(trial);
            return;
        }

        told[trial.Number] = directive;
        var actor = ActorOf(trial.Number);
        actor.Tell(new Local.Begin(Definition(trial), trial.Until, trial.Round, trial.IsHeld)); // none ends that never began
        if (trial is { Ruling: { } ruling, EndsAt: { } step })
            actor.Tell(new Local.Prune(step, ruling));
        else if (State.HasEnded || trial.Asked is Verb.Cancel)
            actor.Tell(new Local.Cancel(State.HasEnded ? "the sweep has ended" : State.EndReason ?? "cancelled"));
        else if (trial.Asked is Verb.Stop)
            actor.Tell(new Local.Stop(State.EndReason ?? "stopped"));
    }

    private void AfterTrial(int number, Decision<ISweepEvent> decision)
    {
        if (State.Trials.TryGetValue(number, out var trial) && !trial.IsLive)
        {
            meters.Ended(sweep, number);
            Wean(number);
            if (!open.Contains(number) && !IsNeeded(number))
                Close(number);
        }

        Follow(decision);
    }

    /// <summary>Stops the actor of a trial that is over, unless somebody needs it.</summary>
    private void Close(int number)
    {
        open.Remove(number);
        var actor = Context.Child(NameOf(number));
        if (actor.IsNobody() || Lives(number) || IsNeeded(number) || !leaving.TryAdd(actor, number))
            return;
        told.Remove(number);
        Context.Watch(actor);
        Context.Stop(actor);
    }

    private void AfterStop(Terminated stopped)
    {
        watchers.Remove(stopped.ActorRef);
        if (leaving.Remove(stopped.ActorRef))
            DirectAll();
    }

    private void Pass(ForTrial message)
    {
        if (Lives(message.Number))
            Context.Child(NameOf(message.Number)).Forward(message.Message); // nobody, when its journal failed: then nothing is over either
        else if (message.Message is ILeaseMessage about)
            Sender.Tell(HasEnded(message.Number) && about is FromWorker.RunEnded ? new ToWorker.OutcomeAccepted(about.Lease) : new ToWorker.LeaseOver(about.Lease));
        else if (message.Message is ToShelf.GetPiece or Local.Pin or Local.Release && HasEnded(message.Number))
            Open(message.Number).Forward(message.Message);
        else if (message.Message is IShelfRequest)
            Sender.Tell(new FromShelf.Refused($"trial {message.Number} of sweep '{sweep}' has ended", MayPass: false));
        else if (message.Message is Local.MemberHolds { Held: { } held } holds && held.Trial == new TrialId(sweep, message.Number))
            holds.Ref.Tell(new ToWorker.LeaseOver(held));
    }

    /// <summary>Passes on that a worker is there. What it says of a trial that has ended is answered here.</summary>
    private void See(Local.WorkerSeen seen)
    {
        foreach (var trial in Context.GetChildren())
            trial.Tell(seen);
        if (seen.Held is { } held && held.Trial.Sweep == sweep && !Lives(held.Trial.Number))
        {
            seen.Worker.Ref.Tell(new ToWorker.LeaseOver(held));
            coordinator.Tell(new Local.ClaimIsOver(held.Trial, seen.Worker.Worker));
        }
    }

    private bool Lives(int number) => State.LiveNumbers.Contains(number);

    private bool HasEnded(int number) => State.Trials.TryGetValue(number, out var trial) && trial.Outcome is not null;

    private IActorRef ActorOf(int number)
    {
        if (leaving.ContainsValue(number))
            return ActorRefs.Nobody; // who needs it asks again when it has stopped
        var child = Context.Child(NameOf(number));
        return child.IsNobody()
            ? Context.ActorOf(TrialActor.PropsFor(new TrialId(sweep, number), coordinator, epoch, leaseTime), NameOf(number))
            : child;
    }

    /// <summary>The actor of a trial; of one that is over, for a while.</summary>
    private IActorRef Open(int number)
    {
        if (!Lives(number))
        {
            open.Add(number);
            Timers.StartSingleTimer($"close-{number}", new CloseTrial(number), OpenTime);
        }

        return ActorOf(number);
    }

    private TrialDefinition Definition(TrialRecord trial) =>
        TrialDefinition.Of(State.Versions[trial.Version - 1], new TrialId(sweep, trial.Number), trial.Assignment, trial.Origin);

    private static string NameOf(int number) => $"trial-{number}";

    /// <summary>All that a trial is told, but what never changes.</summary>
    private sealed record Directive(int? Until, int Round, bool IsHeld, bool AwaitsOrigin, Verb? Asked, int? EndsAt, bool SweepHasEnded);

    private sealed record CloseTrial(int Number) : ILocal;
}
