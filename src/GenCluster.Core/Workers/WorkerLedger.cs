using GenCluster.Core.Identity;

namespace GenCluster.Core.Workers;

/// <summary>What the coordinator knows of an attached worker.</summary>
/// <param name="Instance">Tells one start of the process from the next.</param>
/// <param name="Deadline">When its lease ends unless it is heard of again; a reading of a monotonic clock.</param>
/// <param name="Trial">What it is placed on, or null when free.</param>
public sealed record WorkerSlot(WorkerId Worker, Guid Instance, string Device, string Host, int Port, TimeSpan Deadline, TrialId? Trial);

/// <summary>
/// The workers that are attached now. Soft state: it is never stored, and is rebuilt as workers attach again. All times
/// are readings of one monotonic clock, given by the caller.
/// </summary>
public sealed class WorkerLedger(TimeSpan leaseTime)
{
    private static readonly TimeSpan SuspectTime = TimeSpan.FromSeconds(1);

    private readonly SortedDictionary<string, WorkerSlot> slots = new(StringComparer.Ordinal);

    public IReadOnlyCollection<WorkerSlot> Slots => slots.Values;

    public IEnumerable<WorkerId> Free => slots.Values.Where(s => s.Trial is null).Select(s => s.Worker);

    public WorkerSlot? Find(WorkerId worker) => slots.GetValueOrDefault(worker.Value);

    /// <summary>
    /// Enters a worker that said hello. Its placement is kept when it is the same instance, or given by what it holds.
    /// </summary>
    public WorkerSlot Attach(WorkerId worker, Guid instance, string device, string host, int port, TrialId? held, TimeSpan now)
    {
        var known = Find(worker);
        var trial = held ?? (known?.Instance == instance ? known.Trial : null);
        return slots[worker.Value] = new WorkerSlot(worker, instance, device, host, port, now + leaseTime, trial);
    }

    /// <summary>Prolongs a worker's lease; false when this instance is not known and has to say hello.</summary>
    public bool Renew(WorkerId worker, Guid instance, TimeSpan now)
    {
        if (Find(worker) is not { } slot || slot.Instance != instance)
            return false;
        slots[worker.Value] = slot with { Deadline = now + leaseTime };
        return true;
    }

    /// <summary>Its connection closed: a hint, no proof. Unless it is heard of soon, it is lost.</summary>
    public void Suspect(WorkerId worker, TimeSpan now)
    {
        if (Find(worker) is { } slot && slot.Deadline > now + SuspectTime)
            slots[worker.Value] = slot with { Deadline = now + SuspectTime };
    }

    /// <summary>Gives everybody a fresh lease: for a coordinator that was itself away and must not blame others.</summary>
    public void RenewAll(TimeSpan now)
    {
        foreach (var slot in slots.Values.ToArray())
            slots[slot.Worker.Value] = slot with { Deadline = now + leaseTime };
    }

    public void Place(GangGrant grant)
    {
        foreach (var member in grant.Members)
            slots[member.Value] = slots[member.Value] with { Trial = grant.Trial };
    }

    /// <summary>Frees the workers that are placed on this trial.</summary>
    public void Release(TrialId trial)
    {
        foreach (var slot in slots.Values.Where(s => s.Trial == trial).ToArray())
            slots[slot.Worker.Value] = slot with { Trial = null };
    }

    /// <summary>Frees one worker, if this trial is what it is placed on.</summary>
    public void Release(TrialId trial, WorkerId worker)
    {
        if (Find(worker) is { } slot && slot.Trial == trial)
            slots[worker.Value] = slot with { Trial = null };
    }

    public WorkerSlot? Remove(WorkerId worker)
    {
        var slot = Find(worker);
        slots.Remove(worker.Value);
        return slot;
    }

    /// <summary>Removes and returns the workers whose lease has ended.</summary>
    public IReadOnlyList<WorkerSlot> Expire(TimeSpan now)
    {
        var expired = slots.Values.Where(s => s.Deadline <= now).ToArray();
        foreach (var slot in expired)
            slots.Remove(slot.Worker.Value);
        return expired;
    }
}
