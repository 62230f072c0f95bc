using GenCluster.Actors.Protocol;
using GenCluster.Core.Identity;
using GenCluster.Core.Training;

namespace GenCluster.Actors.Workers;

/// <summary>
/// What a worker has said and not yet seen acknowledged, in order. It is sent again until it is; the coordinator knows
/// a repetition when it sees one.
/// </summary>
internal sealed class Outbox
{
    private readonly List<ILeaseMessage> messages = [];

    public bool IsEmpty => messages.Count == 0;

    public int Count => messages.Count;

    /// <summary>
    /// What may be sent now. The end of a run waits until all that was said before is written down: the result rests on
    /// it, and one of several messages may be lost.
    /// </summary>
    public IEnumerable<ILeaseMessage> Due => messages.TakeWhile((message, i) => i == 0 || message is not FromWorker.RunEnded);

    /// <summary>The newest lease that something is still to be said about.</summary>
    public Lease? Lease => messages.Count == 0 ? null : messages[^1].Lease;

    /// <summary>The end of a run of this trial that is still to be acknowledged, or null.</summary>
    public FromWorker.RunEnded? EndOf(TrialId trial) => messages.OfType<FromWorker.RunEnded>().FirstOrDefault(m => m.Lease.Trial == trial);

    public void Add(ILeaseMessage message) => messages.Add(message);

    /// <summary>The gang has changed: all that was said about the trial is said under the new lease, or not at all.</summary>
    public void Readdress(TrialOrder order)
    {
        ILeaseMessage[] old = [.. messages];
        messages.Clear();
        messages.AddRange(old.Select(m => Readdressed(m, order)).OfType<ILeaseMessage>());
    }

    /// <summary>
    /// What is left of a message when this order is in force: what the leader found out still holds, what was said about an
    /// older gang, or by one that no longer leads, does not.
    /// </summary>
    public static ILeaseMessage? Readdressed(ILeaseMessage message, TrialOrder order)
    {
        var lease = order.Lease;
        if (message.Lease.Trial != lease.Trial || message.Lease.Epoch >= lease.Epoch)
            return message;
        return message switch
        {
            FromWorker.EvaluationReported m when order.Member == 0 => m with { Lease = lease },
            FromWorker.CheckpointStored m when order.Member == 0 => m with { Lease = lease },
            FromWorker.RunEnded m when order.Member >= 0 => m with { Lease = lease, Member = order.Member },
            _ => null,
        };
    }

    public void Remove<T>(Predicate<T> which)
        where T : ILeaseMessage => messages.RemoveAll(m => m is T t && which(t));

    /// <summary>Of several that are alike the oldest: an answer is about one of them.</summary>
    public void RemoveFirst<T>(Predicate<T> which)
        where T : ILeaseMessage
    {
        if (messages.FindIndex(m => m is T t && which(t)) is >= 0 and var at)
            messages.RemoveAt(at);
    }

    public void Forget(Lease lease) => messages.RemoveAll(m => m.Lease == lease);

    public void Forget(TrialId trial) => messages.RemoveAll(m => m.Lease.Trial == trial);
}
