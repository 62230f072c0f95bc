using GenCluster.Core.Checkpoints;
using GenCluster.Simulation.Tests.Engine;
using GenCluster.Simulation.Tests.Journal;
using GenCluster.Simulation.Tests.Network;

namespace GenCluster.Simulation.Tests.Faults;

/// <summary>
/// Makes things go wrong for a while. Each seed has only some kinds of faults: where all come at once, they hide each
/// other.
/// </summary>
internal sealed class Mischief
{
    private readonly Simulation simulation;
    private readonly Dice dice;
    private readonly List<Action> kinds = [];
    private readonly TimeSpan end;
    private readonly double shortest;
    private readonly double longest;

    public Mischief(Simulation simulation)
    {
        this.simulation = simulation;
        dice = new Dice(simulation.Seed, "mischief");
        end = dice.Milliseconds(2_000, 25_000);
        shortest = dice.Between(100, 1_000);
        longest = shortest + dice.Between(500, 5_000);
        Action[] all =
        [
            KillCoordinator, PauseCoordinator, ReplaceCoordinator, DrainCoordinator, KillWorker, KillAllWorkers, FreezeWorker, LetWorkerLeave,
            CutFromCoordinator, CutFromEachOther, Disconnect, StopDatabase,
        ];
        kinds.AddRange(all.Where(_ => dice.Chance(0.4)));
    }

    private Cluster Cluster => simulation.Cluster;

    private Timeline Timeline => simulation.World.Timeline;

    public void Begin()
    {
        if (dice.Chance(0.5))
            simulation.Network.Troubles = new NetworkTroubles(dice.Unit() * 0.2, dice.Unit() * 0.1, dice.Unit() * 0.2);
        if (dice.Chance(0.5))
            simulation.Journal.Troubles = new JournalTroubles(Rate(0.02), Rate(0.02), Rate(0.05), Rate(0.05), Rate(0.3));
        Timeline.In(Pause(), Collect);
        Timeline.At(end, simulation.Heal);
        Timeline.In(Pause(), Strike);
    }

    private double Rate(double highest) => dice.Chance(0.5) ? dice.Unit() * highest : 0;

    private TimeSpan Pause() => dice.Milliseconds(shortest, longest);

    private void Strike()
    {
        if (simulation.Now >= end || kinds.Count == 0)
            return;
        dice.Pick(kinds)();
        Timeline.In(Pause(), Strike);
    }

    private void KillCoordinator()
    {
        if (Cluster.Coordinator is { } coordinator)
            Cluster.Kill(coordinator, "killed");
    }

    private void PauseCoordinator()
    {
        if (Cluster.Coordinator is not { IsFrozen: false } coordinator)
            return;
        Cluster.Freeze(coordinator);
        Timeline.In(dice.Milliseconds(100, 15_000), () => Cluster.Thaw(coordinator));
    }

    /// <summary>It freezes, another takes office, and it thaws without knowing; until it is told.</summary>
    private void ReplaceCoordinator()
    {
        if (Cluster.Coordinator is not { IsFrozen: false } coordinator)
            return;
        Cluster.Freeze(coordinator);
        Timeline.In(dice.Milliseconds(500, 6_000), () =>
        {
            if (coordinator == Cluster.Coordinator && simulation.Now < end)
                Cluster.StartCoordinator();
        });
        Timeline.In(dice.Milliseconds(1_000, 12_000), () => Cluster.Thaw(coordinator));
        Timeline.In(dice.Milliseconds(10_000, 25_000), () => Cluster.Kill(coordinator, "found to be replaced"));
    }

    private void DrainCoordinator()
    {
        if (Cluster.Coordinator is { IsFrozen: false } coordinator)
            Cluster.Drain(coordinator, dice.Milliseconds(500, 10_000));
    }

    private void KillWorker()
    {
        if (Worker() is { } place)
            KillWorker(place);
    }

    private void KillAllWorkers()
    {
        for (int place = 0; place < Cluster.Workers.Count; place++)
            KillWorker(place);
    }

    private void KillWorker(int place)
    {
        if (Cluster.Workers[place] is not { } worker)
            return;
        Cluster.Kill(worker, "killed");
        StartAgain(place);
    }

    private void StartAgain(int place) => Timeline.In(dice.Milliseconds(100, 8_000), () => Cluster.EnsureWorker(place));

    private void FreezeWorker()
    {
        if (Worker() is not { } place || Cluster.Workers[place] is not { IsFrozen: false } worker)
            return;
        Cluster.Freeze(worker);
        Timeline.In(dice.Milliseconds(100, 20_000), () => Cluster.Thaw(worker));
    }

    private void LetWorkerLeave()
    {
        if (Worker() is not { } place)
            return;
        var grace = dice.Milliseconds(1_000, 10_000);
        Cluster.Leave(Cluster.Workers[place]!, grace);
        Timeline.In(grace, () => StartAgain(place));
    }

    private void CutFromCoordinator()
    {
        if (Worker() is not { } place || Cluster.Coordinator is not { } coordinator)
            return;
        Cut(Cluster.Workers[place]!, coordinator);
    }

    private void CutFromEachOther()
    {
        if (Worker() is { } one && Worker() is { } other && one != other)
            Cut(Cluster.Workers[one]!, Cluster.Workers[other]!);
    }

    /// <summary>One way or both, with or without anybody hearing of it.</summary>
    private void Cut(Node one, Node other)
    {
        int ways = dice.Between(1, 3);
        simulation.Trace.Note("cut", one.Name, other.Name, $"{ways}");
        if ((ways & 1) != 0)
            simulation.Network.Cut(one, other);
        if ((ways & 2) != 0)
            simulation.Network.Cut(other, one);
        if (dice.Chance(0.3))
            Timeline.In(dice.Milliseconds(0, 3_000), () => Disconnect(one, other));
        Timeline.In(dice.Milliseconds(200, 15_000), () =>
        {
            simulation.Trace.Note("mended", one.Name, other.Name);
            simulation.Network.Heal(one, other);
            simulation.Network.Heal(other, one);
        });
    }

    private void Disconnect()
    {
        if (Worker() is { } place && Cluster.Coordinator is { } coordinator)
            Disconnect(Cluster.Workers[place]!, coordinator);
    }

    private void Disconnect(Node one, Node other)
    {
        simulation.Network.Disconnect(one, other);
        simulation.Network.Disconnect(other, one);
    }

    private void StopDatabase()
    {
        simulation.Trace.Note("stops", "db");
        simulation.Journal.IsDown = true;
        Timeline.In(dice.Milliseconds(200, 10_000), () =>
        {
            simulation.Trace.Note("returns", "db");
            simulation.Journal.IsDown = false;
        });
    }

    /// <summary>Not a fault: somebody looks into the journal, and clears away what no checkpoint needs some time later.</summary>
    private void Collect()
    {
        foreach (var trial in simulation.Audit.Trials.Where(t => t.Definition is not null).ToArray())
        {
            var view = CollectorView.OfJournal(trial);
            Timeline.In(dice.Milliseconds(0, 10_000), () =>
            {
                simulation.Blobs.Collect(trial.Trial, view);
                simulation.Audit.BlobsChanged(trial.Trial, "a collector");
            });
        }

        if (simulation.Now < end)
            Timeline.In(Pause(), Collect);
    }

    private int? Worker()
    {
        int[] places = [.. Enumerable.Range(0, Cluster.Workers.Count).Where(i => Cluster.Workers[i] is not null)];
        return places.Length == 0 ? null : dice.Pick(places);
    }
}
