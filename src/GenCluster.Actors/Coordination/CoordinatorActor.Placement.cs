using System.Diagnostics;
using GenCluster.Actors.Protocol;
using GenCluster.Core.Identity;
using GenCluster.Core.Placement;

namespace GenCluster.Actors.Coordination;

/// <summary>Who works on what: wishes, gangs, and the workers that go from one to another.</summary>
public sealed partial class CoordinatorActor
{
    /// <summary>A wish that takes more than it needs, when it can, waits for others that come with it.</summary>
    private static readonly TimeSpan PlaceDelay = TimeSpan.FromMilliseconds(5);

    /// <summary>A worker that is free for this long may join a gang: whoever was about to ask for it has done so.</summary>
    private static readonly TimeSpan IdleTime = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<TrialId, WaitingGang> waiting = [];
    private readonly Dictionary<TrialId, PlacedGang> gangs = [];
    private readonly Dictionary<TrialId, string> reasons = []; // for waiting, as the trials were told last
    private readonly HashSet<(TrialId Trial, WorkerId Worker)> unfit = []; // not to join that gang again
    private IReadOnlyList<TrialId> heads = [];
    private long turns;
    private bool placing; // a message to place is on its way

    private void Request(Local.RequestGang request)
    {
        waiting[request.Request.Trial] = new WaitingGang(request.Request, ++turns);
        meters.Placement.Wishes(request.Request.Trial, Now);
        PlaceSoon();
    }

    /// <summary>A trial has a gang, perhaps since an earlier coordinator; one that takes nobody any more is about to end.</summary>
    private void Hold(Local.HoldGang hold)
    {
        var gang = gangs.GetValueOrDefault(hold.Wish.Trial) ?? new PlacedGang(hold.Wish, Now);
        gangs[hold.Wish.Trial] = gang with { Wish = hold.Wish, Ends = gang.Ends || hold.Wish.Max == 0 };
    }

    private void Release(Local.ReleaseGang release)
    {
        waiting.Remove(release.Trial);
        meters.Placement.Withdrawn(release.Trial);
        gangs.Remove(release.Trial);
        reasons.Remove(release.Trial);
        unfit.RemoveWhere(u => u.Trial == release.Trial);
        CountRelease(release.Trial);
        ledger.Release(release.Trial, Now);
        AfterRelease();
    }

    private void Release(Local.ReleaseMember release)
    {
        if (release.Unfit)
            unfit.Add((release.Trial, release.Worker));
        breaker.Relieved(release.Worker, release.Trial, Now);
        ledger.Release(release.Trial, release.Worker, Now);
        AfterRelease();
    }

    private void Release(Local.ClaimIsOver claim)
    {
        if (claiming.Contains(claim.Worker))
            ledger.Release(claim.Trial, claim.Worker, Now);
        AfterRelease();
    }

    private void AfterRelease()
    {
        foreach (var free in ledger.Free.ToArray())
        {
            claiming.Remove(free);
            if (leaving.Contains(free))
                Forget(free);
        }

        PlaceSoon();
        ShowWorkers();
        TellIfDrained();
    }

    private void Spare(Local.Sparing answer)
    {
        if (gangs.TryGetValue(answer.Trial, out var gang))
            gangs[answer.Trial] = gang with { Leaving = answer.Workers };
    }

    private void PlaceSoon()
    {
        if (waiting.Values.Any(w => w.Wish.Max > w.Wish.Min))
        {
            if (!Timers.IsTimerActive(PlaceNow.Instance))
                Timers.StartSingleTimer(PlaceNow.Instance, PlaceNow.Instance, PlaceDelay);
        }
        else if (!placing)
        {
            placing = true;
            Self.Tell(PlaceNow.Instance, Self); // behind what has come already: that is weighed together
        }
    }

    private void Place()
    {
        placing = false;
        settled = settled || ledger.Slots.Count >= settings.ExpectedWorkers || Now - started >= settings.SettleTime;
        if (draining || !settled)
            return;
        long began = Stopwatch.GetTimestamp();
        var plan = PlacementDecider.Decide(new PlacementState(ledger.OfferAt(Now, IdleTime, w => breaker.FitnessOf(w, Now)), waiting.Values, gangs.Values)
        {
            Projects = settings.Projects,
            Now = Now,
            Heads = heads,
            MayJoin = (trial, worker) => !unfit.Contains((trial, worker)),
        });
        meters.Placement.Decided(plan, began);
        heads = plan.Heads;
        Carry(plan);
        foreach (var wait in plan.Waits)
            TellReason(wait);
        if (plan.Grants.Count + plan.Growths.Count > 0)
            ShowWorkers();
    }

    private void Carry(PlacementPlan plan)
    {
        foreach (var (trial, members) in plan.Grants)
        {
            waiting.Remove(trial, out var wish);
            reasons.Remove(trial);
            meters.Placement.Granted(trial, Now);
            gangs[trial] = new PlacedGang(wish!.Wish, Now);
            ToTrial(trial, new Local.GangPlaced(trial, PlaceOn(trial, members), OthersThan(members)));
        }

        foreach (var (trial, workers) in plan.Shrinkages)
        {
            var gang = gangs[trial] = gangs[trial] with { Leaving = [.. gangs[trial].Leaving, .. workers] };
            ToTrial(trial, new Local.SpareWorkers(gang.Leaving));
        }

        foreach (var (trial, by) in plan.Preemptions)
        {
            gangs[trial] = gangs[trial] with { Ends = true };
            ToTrial(trial, new Local.Preempt($"makes room for trial {by}, which has a higher priority"));
        }

        foreach (var (trial, joiners) in plan.Growths)
            ToTrial(trial, new Local.GangGrown(PlaceOn(trial, joiners)));
    }

    private void TellReason(TrialWait wait)
    {
        if (reasons.GetValueOrDefault(wait.Trial) == wait.Text)
            return;
        reasons[wait.Trial] = wait.Text;
        ToTrial(wait.Trial, new Local.GangAwaited(wait.Text));
    }

    private IReadOnlyList<Local.PlacedMember> PlaceOn(TrialId trial, IReadOnlyList<WorkerId> workers)
    {
        ledger.Place(trial, workers);
        foreach (var worker in workers)
            breaker.Placed(worker, trial, Now);
        return [.. workers.Select(w => ledger.Find(w)!).Select(s => new Local.PlacedMember(s.Worker, refs[s.Worker], s.Host, s.Port))];
    }

    private sealed record PlaceNow : ILocal
    {
        public static readonly PlaceNow Instance = new();
    }
}
