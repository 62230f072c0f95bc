using GenCluster.Actors.Protocol;
using GenCluster.Core.Identity;
using GenCluster.Core.Workers;

namespace GenCluster.Actors.Coordination;

/// <summary>Who works on what: wishes, gangs, and the workers that go from one to another.</summary>
public sealed partial class CoordinatorActor
{
    /// <summary>Wishes that come together are weighed together.</summary>
    private static readonly TimeSpan PlaceDelay = TimeSpan.FromMilliseconds(20);

    /// <summary>A worker that is free for this long may join a gang: whoever was about to ask for it has done so.</summary>
    private static readonly TimeSpan IdleTime = TimeSpan.FromMilliseconds(500);

    private readonly List<GangRequest> waiting = [];
    private readonly Dictionary<TrialId, GangRequest> gangs = []; // of trials that have one
    private readonly Dictionary<TrialId, int> sparing = []; // workers that a gang was asked to give back
    private readonly HashSet<(TrialId Trial, WorkerId Worker)> unfit = []; // not to join that gang again

    private void Request(Local.RequestGang request)
    {
        waiting.RemoveAll(r => r.Trial == request.Request.Trial);
        waiting.Add(request.Request);
        PlaceSoon();
    }

    private void Release(Local.ReleaseGang release)
    {
        waiting.RemoveAll(r => r.Trial == release.Trial);
        gangs.Remove(release.Trial);
        sparing.Remove(release.Trial);
        unfit.RemoveWhere(u => u.Trial == release.Trial);
        ledger.Release(release.Trial, Now);
        AfterRelease();
    }

    private void Release(Local.ReleaseMember release)
    {
        if (release.Unfit)
            unfit.Add((release.Trial, release.Worker));
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
        if (gangs.ContainsKey(answer.Trial))
            sparing[answer.Trial] = answer.Count;
    }

    private void PlaceSoon()
    {
        if (!Timers.IsTimerActive(PlaceNow.Instance))
            Timers.StartSingleTimer(PlaceNow.Instance, PlaceNow.Instance, PlaceDelay);
    }

    private void Place()
    {
        settled = settled || ledger.Slots.Count >= settings.ExpectedWorkers || Now - started >= settings.SettleTime;
        if (draining || !settled)
            return;
        var plan = Placement.Decide(
            waiting, [.. gangs.Values.Select(PlacedGang).Where(g => g.Size > 0)], ledger.FreeAt(Now, IdleTime), (trial, worker) => !unfit.Contains((trial, worker)));
        foreach (var grant in plan.Grants)
        {
            gangs[grant.Trial] = waiting.Find(r => r.Trial == grant.Trial)!;
            waiting.RemoveAll(r => r.Trial == grant.Trial);
            ToTrial(grant.Trial, new Local.GangPlaced(grant.Trial, PlaceOn(grant.Trial, grant.Members)));
        }

        foreach (var shrinkage in plan.Shrinkages)
        {
            sparing[shrinkage.Trial] = sparing.GetValueOrDefault(shrinkage.Trial) + shrinkage.Count;
            ToTrial(shrinkage.Trial, new Local.SpareWorkers(sparing[shrinkage.Trial]));
        }

        foreach (var growth in plan.Growths)
            ToTrial(growth.Trial, new Local.GangGrown(PlaceOn(growth.Trial, growth.Joiners)));
        if (plan.Grants.Count + plan.Growths.Count > 0)
            ShowWorkers();
    }

    private PlacedGang PlacedGang(GangRequest wish)
    {
        int leaving = sparing.GetValueOrDefault(wish.Trial);
        return new PlacedGang(wish, ledger.PlacedOn(wish.Trial) - leaving, leaving);
    }

    private IReadOnlyList<Local.PlacedMember> PlaceOn(TrialId trial, IReadOnlyList<WorkerId> workers)
    {
        ledger.Place(trial, workers);
        return [.. workers.Select(w => ledger.Find(w)!).Select(s => new Local.PlacedMember(s.Worker, refs[s.Worker], s.Host, s.Port))];
    }

    private sealed record PlaceNow : ILocal
    {
        public static readonly PlaceNow Instance = new();
    }
}
