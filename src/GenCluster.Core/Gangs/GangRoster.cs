using System.Collections.Immutable;
using GenCluster.Core.Identity;
using GenCluster.Core.Trials;

namespace GenCluster.Core.Gangs;

/// <summary>
/// What is known of the gang of one lease, gathered from hints in whatever order they come, and what to do about it.
/// Pure: it never reads a clock, times are readings of one that the caller gives.
/// </summary>
/// <remarks>
/// A new roster follows each change of the gang (<see cref="After"/>). Survivors keep their order and joiners come last, so
/// that the leader changes only when it is gone. Changes that nothing forces wait until the gang is settled: every member
/// was heard of under the lease in force, so no member is asked to change over twice at once.
/// </remarks>
public sealed record GangRoster
{
    /// <summary>How long a broken gang waits for word of a loss that explains it.</summary>
    public static readonly TimeSpan BreakTime = TimeSpan.FromSeconds(1);

    /// <summary>How long a joiner that is ready waits for others, so that one change takes in all of them.</summary>
    public static readonly TimeSpan JoinTime = TimeSpan.FromSeconds(1);

    /// <summary>How long a member that leaves waits for the gang to settle.</summary>
    public static readonly TimeSpan LeaveTime = TimeSpan.FromSeconds(2);

    private ImmutableHashSet<WorkerId> heard = [];
    private ImmutableHashSet<WorkerId> finished = [];
    private ImmutableHashSet<WorkerId> unseen = [];
    private ImmutableDictionary<WorkerId, Loss> lost = ImmutableDictionary<WorkerId, Loss>.Empty;
    private ImmutableDictionary<WorkerId, string> leaving = ImmutableDictionary<WorkerId, string>.Empty;
    private ImmutableHashSet<WorkerId> spared = [];
    private ImmutableDictionary<WorkerId, int> blames = ImmutableDictionary<WorkerId, int>.Empty;
    private ImmutableHashSet<WorkerId> complaining = [];
    private ImmutableArray<WorkerId> joiners = [];
    private ImmutableDictionary<WorkerId, TimeSpan> ready = ImmutableDictionary<WorkerId, TimeSpan>.Empty;
    private TimeSpan unseenUntil;
    private TimeSpan leavingSince;
    private TimeSpan brokenSince;
    private string breakMessage = "";
    private (string Reason, TimeSpan Since)? obsolete;
    private bool breaksInVain;

    private GangRoster(ImmutableArray<WorkerId> members, int min, int max) => (Members, Min, Max) = (members, min, max);

    /// <summary>Who holds the lease, in order.</summary>
    public ImmutableArray<WorkerId> Members { get; private init; }

    /// <summary>Fewer members than this do not train.</summary>
    public int Min { get; }

    /// <summary>More members than this are not taken in.</summary>
    public int Max { get; }

    /// <summary>Who is invited and no member yet, in the order of their invitations.</summary>
    public ImmutableArray<WorkerId> Joiners => joiners;

    /// <summary>Members that are asked to go, and have not gone.</summary>
    public IReadOnlyCollection<WorkerId> Sparing => spared;

    /// <summary>The highest step that was heard of; -1 before the first.</summary>
    public int Step { get; private init; } = -1;

    /// <summary>Whether the gang is to stop after a checkpoint.</summary>
    public bool IsDraining { get; private init; }

    /// <summary>Whether the gang of this lease is known to be complete and at work.</summary>
    public bool IsSettled => finished.IsEmpty && lost.IsEmpty && complaining.IsEmpty && Members.All(heard.Contains);

    private bool IsWhole => finished.IsEmpty && lost.IsEmpty;

    private ImmutableArray<WorkerId> Present => [.. Members.Where(m => !lost.ContainsKey(m) && !finished.Contains(m))];

    /// <summary>The members that are present and may stay, then the joiners that are ready, as far as there is room.</summary>
    private ImmutableArray<WorkerId> Staying => Grown(Present.Where(m => !leaving.ContainsKey(m)));

    /// <summary>Without those that can be spared, if it still can spare them.</summary>
    private ImmutableArray<WorkerId> Next
    {
        get
        {
            var fewer = Grown(Present.Where(m => !leaving.ContainsKey(m) && !spared.Contains(m)));
            return IsEnough(fewer) ? fewer : Staying;
        }
    }

    /// <summary>The same, with those who want to leave when the others are too few: they are needed to save the state.</summary>
    private ImmutableArray<WorkerId> NextOrAll => IsEnough(Next) ? Next : Grown(Present);

    /// <summary>A gang that was just placed.</summary>
    public static GangRoster Of(IEnumerable<WorkerId> members, int min, int max) => new([.. members], min, max);

    /// <summary>A gang that an earlier coordinator left at work; its members have until then to say that they are.</summary>
    public static GangRoster Recovered(IEnumerable<WorkerId> members, int min, int max, TimeSpan until)
    {
        var roster = Of(members, min, max);
        return roster with { unseen = [.. roster.Members], unseenUntil = until };
    }

    /// <summary>A member said hello to this coordinator.</summary>
    public GangRoster Seen(WorkerId worker) => this with { unseen = unseen.Remove(worker) };

    /// <summary>Somebody has to be told of the lease in force, and nobody can any more.</summary>
    public GangRoster Obsolete(string reason, TimeSpan now) => this with { obsolete = obsolete ?? (reason, now) };

    /// <summary>A member trains under the lease in force.</summary>
    public GangRoster Heard(WorkerId worker, int step)
    {
        var roster = Members.Contains(worker) ? this with { heard = heard.Add(worker) } : this;
        return step <= Step ? roster : roster with { Step = step, breaksInVain = false, blames = blames.Clear() };
    }

    /// <summary>A member, or a joiner, is gone. The first reason given counts.</summary>
    /// <param name="isEcho">It went because it could not reach another: if that one is gone too, that is what happened.</param>
    public GangRoster Lost(WorkerId worker, FailureClass cause, string message, bool isEcho = false)
    {
        if (joiners.Contains(worker))
            return WithoutJoiner(worker);
        return Members.Contains(worker) && !lost.ContainsKey(worker) ? this with { lost = lost.Add(worker, new Loss(cause, message, isEcho, lost.Count)), unseen = unseen.Remove(worker) } : this;
    }

    /// <summary>Whether the worker is a member that is gone.</summary>
    public bool IsLost(WorkerId worker) => lost.ContainsKey(worker);

    /// <summary>A member's run came to a good end, and it takes no part any more; that alone changes nothing.</summary>
    public GangRoster Finished(WorkerId worker) => Members.Contains(worker) ? this with { finished = finished.Add(worker) } : this;

    /// <summary>A member says that the gang broke, and who it thinks is to blame. It may say so again.</summary>
    public GangRoster Broke(WorkerId worker, WorkerId? blamed, string message, TimeSpan now)
    {
        if (!Members.Contains(worker) || complaining.Contains(worker))
            return this;
        var roster = complaining.IsEmpty ? this with { brokenSince = now, breakMessage = message } : this;
        return roster with
        {
            complaining = complaining.Add(worker),
            blames = blamed is { } whom && Members.Contains(whom) ? blames.SetItem(whom, blames.GetValueOrDefault(whom) + 1) : blames,
        };
    }

    /// <summary>A worker was asked to join.</summary>
    public GangRoster Invited(WorkerId worker) => joiners.Contains(worker) || Members.Contains(worker) ? this : this with { joiners = joiners.Add(worker) };

    /// <summary>A joiner holds the state.</summary>
    public GangRoster Ready(WorkerId worker, TimeSpan now) =>
        joiners.Contains(worker) && !ready.ContainsKey(worker) ? this with { ready = ready.Add(worker, now) } : this;

    /// <summary>A member wants to leave, or has to.</summary>
    public GangRoster Leaving(WorkerId worker, string reason, TimeSpan now)
    {
        if (!Members.Contains(worker) || leaving.ContainsKey(worker))
            return this;
        return this with { leaving = leaving.Add(worker, reason), leavingSince = leaving.IsEmpty ? now : leavingSince };
    }

    /// <summary>The gang is to do without these members, as far as it can.</summary>
    public GangRoster Spared(IReadOnlyCollection<WorkerId> workers, TimeSpan now)
    {
        var staying = Present.Where(m => !leaving.ContainsKey(m)).ToArray();
        return this with
        {
            spared = [.. staying.Where(workers.Contains).TakeLast(Math.Max(0, staying.Length - Min))],
            leavingSince = leaving.IsEmpty ? now : leavingSince,
        };
    }

    /// <summary>The gang is to stop after a checkpoint; nobody joins it any more.</summary>
    public GangRoster Drained() => this with { IsDraining = true, joiners = [], ready = ready.Clear() };

    /// <summary>What to do now, or null when all is well.</summary>
    public GangMove? Decide(TimeSpan now)
    {
        if (!unseen.IsEmpty)
            return now < unseenUntil ? new GangMove.Wait(unseenUntil) : GivenUp().Decide(now);
        if (!lost.IsEmpty)
            return AfterLosses();
        if (obsolete is not null)
            return Renew(now);
        if (!complaining.IsEmpty)
            return now < brokenSince + BreakTime ? new GangMove.Wait(brokenSince + BreakTime) : AfterBreak();
        if (IsDraining || !IsWhole)
            return null;
        return leaving.IsEmpty && spared.IsEmpty ? TakeIn(now) : LetGo(now);
    }

    /// <summary>The roster of the gang that a change made.</summary>
    public GangRoster After(GangMove.Change change)
    {
        bool unexplained = change.Cause is null && !complaining.IsEmpty;
        return new GangRoster(change.Members, Min, Max)
        {
            Step = Step,
            IsDraining = IsDraining || change.Members.Length < Min,
            breaksInVain = change.Unfit is null && (breaksInVain || unexplained),
            blames = change.Unfit is null ? blames : blames.Clear(),
            leaving = leaving.RemoveRange(leaving.Keys.Except(change.Members)),
            leavingSince = leavingSince,
            joiners = change.Members.Length < Min ? [] : [.. joiners.Except(change.Members)], // their state is that of an older lease
        };
    }

    private GangRoster GivenUp() => unseen.Aggregate(
        this, (roster, worker) => roster.Lost(worker, FailureClass.Lost, $"{worker} did not come back after the coordinator was restarted"));

    private GangMove AfterLosses()
    {
        var next = NextOrAll;
        var (culprit, first) = lost.MinBy(loss => (loss.Value.IsEcho, loss.Value.Order));
        string more = lost.Count > 1 ? $" (and {lost.Count - 1} more)" : "";
        string step = Step < 0 ? "" : $", at step {Step}";
        return next.IsEmpty
            ? new GangMove.End(first.Cause, $"{first.Message}{more}{step}", culprit)
            : new GangMove.Change(next, first.Cause, $"{first.Message}{more}{step}; {Counted(next.Length)} on", Forced: true, Culprit: culprit);
    }

    /// <summary>Members that are at work have a moment to say so, and are spared a forced change.</summary>
    private GangMove Renew(TimeSpan now)
    {
        var (reason, since) = obsolete!.Value;
        return !IsSettled && now < since + BreakTime
            ? new GangMove.Wait(since + BreakTime)
            : new GangMove.Change(NextOrAll, null, reason, Forced: !IsSettled);
    }

    /// <summary>Once the same members try again; when that brings no step either, without the one that most complain of.</summary>
    private GangMove AfterBreak()
    {
        var present = Present;
        if (present.IsEmpty)
            return new GangMove.End(FailureClass.Lost, breakMessage);
        if (!breaksInVain || present.Length == 1)
            return new GangMove.Change(present, null, $"the gang broke and forms anew: {breakMessage}", Forced: true);

        var guilty = present.Reverse().MaxBy(blames.GetValueOrDefault);
        return new GangMove.Change(
            present.Remove(guilty), FailureClass.Lost, $"{guilty} cannot be reached by the others ({breakMessage}); {Counted(present.Length - 1)} on", Forced: true, guilty, guilty);
    }

    private GangMove LetGo(TimeSpan now)
    {
        string reason = leaving.IsEmpty
            ? $"{string.Join(", ", Members.Where(spared.Contains))} can be spared"
            : leaving[Members.First(leaving.ContainsKey)];
        if (!IsEnough(Next))
            return new GangMove.Drain(reason);
        if (!IsSettled && now < leavingSince + LeaveTime)
            return new GangMove.Wait(leavingSince + LeaveTime);
        return new GangMove.Change(Next, FailureClass.Preempted, $"{reason}; {Counted(Next.Length)} on", Forced: !IsSettled);
    }

    private GangMove? TakeIn(TimeSpan now)
    {
        if (ready.IsEmpty || !IsSettled || Next.Length == Members.Length)
            return null;
        var first = ready.Values.Min();
        if (ready.Count < joiners.Length && now < first + JoinTime)
            return new GangMove.Wait(first + JoinTime);
        string names = string.Join(", ", Next.Skip(Members.Length));
        return new GangMove.Change(Next, null, $"{names} joined; {Counted(Next.Length)} on", Forced: false);
    }

    private bool IsEnough(ImmutableArray<WorkerId> members) => members.Length >= Math.Max(1, Min);

    private ImmutableArray<WorkerId> Grown(IEnumerable<WorkerId> members)
    {
        WorkerId[] staying = [.. members];
        return [.. staying, .. joiners.Where(ready.ContainsKey).Take(Math.Max(0, Max - staying.Length))];
    }

    private GangRoster WithoutJoiner(WorkerId worker) => this with { joiners = joiners.Remove(worker), ready = ready.Remove(worker) };

    /// <param name="Order">Which of the losses it was, in time.</param>
    private sealed record Loss(FailureClass Cause, string Message, bool IsEcho, int Order);

    private static string Counted(int workers) => workers == 1 ? "1 worker goes" : $"{workers} workers go";
}
