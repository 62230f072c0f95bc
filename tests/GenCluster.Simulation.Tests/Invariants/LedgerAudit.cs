using Akka.Actor;
using GenCluster.Actors.Protocol;
using GenCluster.Actors.Sweeps;
using GenCluster.Core.Identity;

namespace GenCluster.Simulation.Tests.Invariants;

/// <summary>Follows what each coordinator says to its trials of workers: none is given to two, nor twice.</summary>
internal sealed class LedgerAudit(Simulation simulation)
{
    private readonly Dictionary<(IActorRef Coordinator, WorkerId Worker), TrialId> placed = [];

    public void Heard(IActorRef coordinator, object message)
    {
        switch (message)
        {
            case SweepActor.ForTrial { Message: Local.GangPlaced m }:
                Place(coordinator, m.Trial, m.Members);
                break;
            case SweepActor.ForTrial { Message: Local.GangGrown m } about:
                Place(coordinator, new TrialId(simulation.Scenario.Sweep, about.Number), m.Joiners);
                break;
            case SweepActor.ForTrial { Message: Local.WorkerLost m }:
                placed.Remove((coordinator, m.Worker));
                break;
            case Local.ReleaseGang m:
                foreach (var key in placed.Where(p => p.Key.Coordinator.Equals(coordinator) && p.Value == m.Trial).Select(p => p.Key).ToArray())
                    placed.Remove(key);
                break;
            case Local.ReleaseMember m:
                Release(coordinator, m.Trial, m.Worker);
                break;
            case Local.ClaimIsOver m:
                Release(coordinator, m.Trial, m.Worker);
                break;
        }
    }

    private void Place(IActorRef coordinator, TrialId trial, IReadOnlyList<Local.PlacedMember> members)
    {
        foreach (var worker in members.Select(m => m.Worker))
        {
            if (!placed.TryAdd((coordinator, worker), trial))
                simulation.Violate($"{coordinator.Path.ToStringWithoutAddress()} gives {worker} to {trial}; it has given it to {placed[(coordinator, worker)]}");
        }
    }

    private void Release(IActorRef coordinator, TrialId trial, WorkerId worker)
    {
        if (placed.TryGetValue((coordinator, worker), out var on) && on == trial)
            placed.Remove((coordinator, worker));
    }
}
