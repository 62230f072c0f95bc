using System.Collections.Immutable;
using GenCluster.Core.Identity;
using GenCluster.Core.Trials;

namespace GenCluster.Core.Workers;

/// <summary>
/// A circuit breaker for each worker: one that keeps failing is set aside, then tried again with a single trial, and is as
/// good as any when that goes well. So a machine that is broken, or too small, costs a few attempts and not a sweep. All
/// times are readings of one monotonic clock, given by the caller.
/// </summary>
/// <remarks>
/// <para>
/// A trial that fails the same way on several workers is to blame itself, and none of these failures is held against them as
/// a trial of its own; a worker on which attempts fail in a row is set aside whoever is to blame.
/// </para>
/// <para>
/// Soft state, never stored: a coordinator that starts anew learns it again from a few more failures. What these cost the
/// trials is in their own journals, where a failure on the same worker counts once (<see cref="FailureBudget"/>).
/// </para>
/// </remarks>
public sealed class WorkerBreaker(BreakerOptions options)
{
    private readonly Dictionary<WorkerId, Record> records = [];
    private readonly Dictionary<(TrialId Trial, FailureClass Cause), WorkerId> struck = []; // the first worker it failed on
    private readonly HashSet<(TrialId Trial, FailureClass Cause)> guilty = []; // trials that failed on several workers

    /// <summary>Whether a failure of this class may be the machine's.</summary>
    public static bool MayBeTheWorkers(FailureClass cause) => cause is FailureClass.Hardware or FailureClass.OutOfMemory or FailureClass.Lost;

    public WorkerFitness FitnessOf(WorkerId worker, TimeSpan now)
    {
        if (!records.TryGetValue(worker, out var record) || record.OpenUntil is not { } until || Serves(record, now))
            return WorkerFitness.Fit;
        return now < until || record.Trial is not null ? WorkerFitness.Closed : WorkerFitness.Probe;
    }

    /// <summary>What people are told of a worker that is set aside or on trial; null for any other.</summary>
    public WorkerSetAside? Of(WorkerId worker, TimeSpan now)
    {
        if (FitnessOf(worker, now) is WorkerFitness.Fit)
            return null;
        var record = records[worker];
        return new WorkerSetAside(record.InARow, record.LastCause, record.OpenUntil > now ? record.OpenUntil.Value - now : TimeSpan.Zero);
    }

    /// <summary>The worker is given to a trial.</summary>
    public void Placed(WorkerId worker, TrialId trial, TimeSpan now) =>
        records[worker] = RecordOf(worker) with { Trial = trial, Since = now, LastHeard = now };

    /// <summary>The trial made progress that is kept, or ended well: the worker is as good as any.</summary>
    public void Served(WorkerId worker, TrialId trial)
    {
        if (records.TryGetValue(worker, out var record) && record.Trial == trial)
            Reset(worker, record);
    }

    /// <summary>The worker was taken from the trial, and it says nothing about either.</summary>
    public void Relieved(WorkerId worker, TrialId trial, TimeSpan now)
    {
        if (!records.TryGetValue(worker, out var record) || record.Trial != trial)
            return;
        if (Serves(record, now))
            Reset(worker, record);
        Keep(worker, records[worker] with { Trial = null });
    }

    /// <summary>The trial has ended: what it failed on is no longer of interest.</summary>
    public void Ended(TrialId trial)
    {
        foreach (var key in struck.Keys.Where(k => k.Trial == trial).ToArray())
            struck.Remove(key);
        guilty.RemoveWhere(k => k.Trial == trial);
    }

    /// <summary>An attempt at the trial failed on this worker.</summary>
    /// <returns>Whether the worker is set aside from now on.</returns>
    public bool Failed(WorkerId worker, TrialId trial, FailureClass cause, TimeSpan now)
    {
        if (!MayBeTheWorkers(cause))
            return false;
        Forget(now);
        bool isTheTrials = Blame(worker, trial, cause);
        var record = RecordOf(worker);
        if (Serves(record, now))
            record = Record.Empty;
        record = record with
        {
            InARow = record.InARow + 1,
            Trials = isTheTrials ? record.Trials : record.Trials.Add(trial),
            LastCause = cause,
            LastHeard = now,
            Trial = null,
        };

        bool isProbe = record.OpenUntil is { } until && now >= until;
        bool opens = isProbe || (record.OpenUntil is null && (record.InARow >= options.InARow || record.Trials.Count >= options.DistinctTrials));
        records[worker] = opens ? record with { OpenUntil = now + CoolDown(record.Openings), Openings = record.Openings + 1 } : record;
        return opens;
    }

    /// <summary>The second worker that a trial fails on speaks for the first.</summary>
    private bool Blame(WorkerId worker, TrialId trial, FailureClass cause)
    {
        var key = (trial, cause);
        if (guilty.Contains(key))
            return true;
        if (struck.TryAdd(key, worker) || struck[key] == worker)
            return false;
        guilty.Add(key);
        if (records.TryGetValue(struck[key], out var first))
            records[struck[key]] = first with { Trials = first.Trials.Remove(trial) };
        return true;
    }

    private TimeSpan CoolDown(int openings)
    {
        double seconds = options.FirstCoolDown.TotalSeconds * Math.Pow(2, Math.Min(openings, 30));
        return seconds < options.MaxCoolDown.TotalSeconds ? TimeSpan.FromSeconds(seconds) : options.MaxCoolDown;
    }

    private bool Serves(Record record, TimeSpan now) => record.Trial is not null && now - record.Since >= options.ServiceTime;

    private Record RecordOf(WorkerId worker) => records.GetValueOrDefault(worker, Record.Empty);

    private void Reset(WorkerId worker, Record record) => records[worker] = Record.Empty with { Trial = record.Trial, Since = record.Since, LastHeard = record.LastHeard };

    private void Keep(WorkerId worker, Record record)
    {
        if (record is { InARow: 0, OpenUntil: null, Trial: null })
            records.Remove(worker);
        else
            records[worker] = record;
    }

    private void Forget(TimeSpan now)
    {
        foreach (var (worker, record) in records.ToArray())
        {
            bool isOver = record.OpenUntil is not { } until || until < now;
            if (record.Trial is null && isOver && now - record.LastHeard >= options.ForgetTime)
                records.Remove(worker);
        }
    }

    /// <param name="InARow">Failures since it last served a trial.</param>
    /// <param name="Trials">That failed on it alone since then.</param>
    /// <param name="Openings">How often it was set aside since then.</param>
    /// <param name="OpenUntil">Set aside until then, and on trial afterwards; null when it is as good as any.</param>
    /// <param name="Trial">What it works on, since <paramref name="Since"/>.</param>
    private sealed record Record(
        int InARow, ImmutableHashSet<TrialId> Trials, int Openings, TimeSpan? OpenUntil, FailureClass LastCause, TrialId? Trial, TimeSpan Since, TimeSpan LastHeard)
    {
        public static readonly Record Empty = new(0, [], 0, null, FailureClass.Lost, null, TimeSpan.Zero, TimeSpan.Zero);
    }
}
