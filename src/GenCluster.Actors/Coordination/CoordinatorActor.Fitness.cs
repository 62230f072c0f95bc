using GenCluster.Actors.Protocol;
using GenCluster.Core.Identity;
using GenCluster.Core.Trials;
using GenCluster.Core.Workers;

namespace GenCluster.Actors.Coordination;

/// <summary>Which workers may be given work: those that keep failing are set aside for a while.</summary>
public sealed partial class CoordinatorActor
{
    private readonly WorkerBreaker breaker = new(BreakerOptions.Default);

    private bool MayWork(WorkerId worker) => breaker.FitnessOf(worker, Now) is not WorkerFitness.Closed;

    /// <summary>Workers beside these that a trial could be tried on, now or when they are free.</summary>
    private int OthersThan(IReadOnlyList<WorkerId> members) => ledger.Slots.Count(s => !members.Contains(s.Worker) && MayWork(s.Worker));

    private void CountFailure(WorkerId worker, TrialId trial, FailureClass cause)
    {
        if (!breaker.Failed(worker, trial, cause, Now) || breaker.Of(worker, Now) is not { } aside)
            return;
        var notice = new Local.Notice(
            $"{worker} is set aside for {aside.Remaining.TotalSeconds:0} s: {aside.Failures} attempts in a row failed on it, the last by {Spoken(cause)}");
        foreach (var sweep in Context.GetChildren())
            sweep.Tell(notice, Self);
        ShowWorkers();
    }

    private void CountService(Local.MembersServed served)
    {
        foreach (var worker in served.Workers)
            breaker.Served(worker, served.Trial);
    }

    private void CountRelease(TrialId trial)
    {
        foreach (var slot in ledger.Slots.Where(s => s.Trial == trial))
            breaker.Relieved(slot.Worker, trial, Now);
    }

    private static string Spoken(FailureClass cause) => cause switch
    {
        FailureClass.OutOfMemory => "too little memory",
        FailureClass.Lost => "its loss",
        _ => "its machine",
    };
}
