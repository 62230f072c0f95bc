using Akka.Actor;
using GenCluster.Actors.Protocol;
using GenCluster.Core.Identity;
using GenCluster.Core.Placement;

namespace GenCluster.Actors.Coordination;

/// <summary>Why a trial has workers, or has none.</summary>
public sealed partial class CoordinatorActor
{
    private void Explain(FromFace.Explain question)
    {
        var trial = new TrialId(question.Sweep, question.Trial);
        var gang = ledger.Slots.Where(s => s.Trial == trial).Select(s => s.Worker).OrderBy(w => w.Value, StringComparer.Ordinal).ToArray();
        var (standing, wish) = StandingOf(trial);
        Sender.Tell(new ToFace.Explained(
            standing,
            standing is ToFace.Standing.Waits ? Talk.Plain(WhyWaits(trial)) : null,
            wish is null ? null : new ToFace.Needs(wish.Min, wish.Max, wish.Device, wish.Memory, wish.Priority, wish.Project),
            gang,
            ledger.Slots.Count,
            ledger.Free.Count()));
    }

    private (ToFace.Standing Standing, GangRequest? Wish) StandingOf(TrialId trial)
    {
        if (waiting.TryGetValue(trial, out var waits))
            return (ToFace.Standing.Waits, waits.Wish);
        return gangs.TryGetValue(trial, out var placed) ? (ToFace.Standing.HasGang, placed.Wish) : (ToFace.Standing.AsksForNone, null);
    }

    private string WhyWaits(TrialId trial)
    {
        if (draining)
            return "the coordinator is stopping";
        return settled
            ? reasons.GetValueOrDefault(trial, "it is about to be weighed against the others")
            : $"the coordinator has just begun, and {settings.ExpectedWorkers} workers are on their way; {ledger.Slots.Count} are there";
    }
}
