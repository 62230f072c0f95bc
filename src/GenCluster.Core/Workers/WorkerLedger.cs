using GenCluster.Core.Identity;
using GenCluster.Core.Placement;

namespace GenCluster.Core.Workers;

/// <summary>What the coordinator knows of an attached worker.</summary>
/// <param name="Instance">Tells one start of the process from the next.</param>
/// <param name="Deadline">When its lease ends unless it is heard of again; a reading of a monotonic clock.</param>
/// <param name="Trial">What it is placed on, or null when free.</param>
public sealed record WorkerSlot(WorkerId Worker, Guid Instance, string Device, string Host, int Port, TimeSpan Deadline, TrialId? Trial)
{
    /// <summary>Since when it has had no trial; a reading of the same clock.</summary>
    public TimeSpan FreeSince { get; init; }

    /// <summary>The device memory that it may have to share with other workers of its host; null: it told of none.</summary>
    public DeviceMemory? Shared { get; init; }

    /// <summary>Rises with every placement: who came last to its gang has the highest.</summary>
    public long Seat { get; init; }

    /// <summary>What speaks for its death since it was heard of last; two independent hints are proof.</summary>
    public LossHints Hints { get; init; }
}

/// <summary>Signs that a worker is gone.</summary>
[Flags]
public enum LossHints
{
    None = 0,

    /// <summary>Its connection to the coordinator closed.</summary>
    Disconnected = 1,

    /// <summary>A member of its gang says that it cannot be reached.</summary>
    Blamed = 2,
}

/// <summary>
/// The workers that are attached now. Soft state: it is never stored, and is rebuilt as workers attach again. All times
/// are readings of one monotonic clock, given by the caller.
/// </summary>
public sealed class WorkerLedger(TimeSpan leaseTime)
{
    private static readonly TimeSpan SuspectTime = TimeSpan.FromSeconds(1);

    private readonly SortedDictionary<string, WorkerSlot> slots = new(StringComparer.Ordinal);
    private long seats;

    public IReadOnlyCollection<WorkerSlot> Slots => slots.Values;

    public IEnumerable<WorkerId> Free => slots.Values.Where(s => s.Trial is null).Select(s => s.Worker);

    /// <summary>All of them as placement sees them; one that was free for <paramref name="idleTime"/> is idle.</summary>
    public IReadOnlyList<OfferedWorker> OfferAt(TimeSpan now, TimeSpan idleTime, Func<WorkerId, WorkerFitness> fitness) =>
    [
        .. slots.Values.Select(s => new OfferedWorker(s.Worker)
        {
            Trial = s.Trial,
            Seat = s.Seat,
            Host = s.Host,
            Device = s.Device,
            Shared = s.Shared,
            IsIdle = now - s.FreeSince >= idleTime,
            Fitness = fitness(s.Worker),
        }),
    ];

    public WorkerSlot? Find(WorkerId worker) => slots.GetValueOrDefault(worker.Value);

    /// <summary>Enters a worker, as new whatever was known of it; <paramref name="held"/> is what it says it works on.</summary>
    public WorkerSlot Attach(WorkerId worker, Guid instance, string device, string host, int port, TrialId? held, TimeSpan now, DeviceMemory? shared = null) =>
        slots[worker.Value] = new WorkerSlot(worker, instance, device, host, port, now + leaseTime, held)
        {
            FreeSince = now,
            Shared = shared,
            Seat = ++seats,
        };

    /// <summary>Prolongs a worker's lease; false when this instance is not known and has to say hello.</summary>
    public bool Renew(WorkerId worker, Guid instance, TimeSpan now)
    {
        if (Find(worker) is not { } slot || slot.Instance != instance)
            return false;
        slots[worker.Value] = slot with { Deadline = now + leaseTime, Hints = LossHints.None };
        return true;
    }

    /// <summary>
    /// A sign that it is gone. One is no proof: unless the worker is heard of soon, it is lost; a peer may be wrong, so its
    /// blame leaves more time than a closed connection. Both together end the lease now.
    /// </summary>
    public void Suspect(WorkerId worker, LossHints hint, TimeSpan now)
    {
        if (Find(worker) is not { } slot)
            return;
        var hints = slot.Hints | hint;
        var patience = hints switch
        {
            LossHints.Disconnected | LossHints.Blamed => TimeSpan.Zero,
            LossHints.Disconnected => SuspectTime,
            _ => leaseTime / 2,
        };
        slots[worker.Value] = slot with { Hints = hints, Deadline = slot.Deadline < now + patience ? slot.Deadline : now + patience };
    }

    /// <summary>Gives everybody a fresh lease: for a coordinator that was itself away and must not blame others.</summary>
    public void RenewAll(TimeSpan now)
    {
        foreach (var slot in slots.Values.ToArray())
            slots[slot.Worker.Value] = slot with { Deadline = now + leaseTime, Hints = LossHints.None };
    }

    public void Place(TrialId trial, IEnumerable<WorkerId> workers)
    {
        foreach (var worker in workers)
            slots[worker.Value] = slots[worker.Value] with { Trial = trial, Seat = ++seats };
    }

    /// <summary>Frees the workers that are placed on this trial.</summary>
    public void Release(TrialId trial, TimeSpan now)
    {
        foreach (var slot in slots.Values.Where(s => s.Trial == trial).ToArray())
            slots[slot.Worker.Value] = slot with { Trial = null, FreeSince = now };
    }

    /// <summary>Frees one worker, if this trial is what it is placed on.</summary>
    public void Release(TrialId trial, WorkerId worker, TimeSpan now)
    {
        if (Find(worker) is { } slot && slot.Trial == trial)
            slots[worker.Value] = slot with { Trial = null, FreeSince = now };
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
