using GenCluster.Actors.Protocol;
using GenCluster.Core.Identity;

namespace GenCluster.Actors.Workers;

/// <summary>
/// What a worker has said and not yet seen acknowledged, in order. It is sent again until it is; the coordinator knows
/// a repetition when it sees one.
/// </summary>
internal sealed class Outbox
{
    private readonly List<ILeaseMessage> messages = [];

    public bool IsEmpty => messages.Count == 0;

    /// <summary>
    /// What may be sent now. The end of a run waits until all that was said before is written down: the result rests on
    /// it, and one of several messages may be lost.
    /// </summary>
    public IEnumerable<ILeaseMessage> Due => messages.TakeWhile((message, i) => i == 0 || message is not FromWorker.RunEnded);

    /// <summary>The newest lease that something is still to be said about.</summary>
    public Lease? Lease => messages.Count == 0 ? null : messages[^1].Lease;

    public void Add(ILeaseMessage message)
    {
        // A newer lease of the same trial makes the older one's words void.
        messages.RemoveAll(m => m.Lease.Trial == message.Lease.Trial && m.Lease.Epoch < message.Lease.Epoch);
        messages.Add(message);
    }

    public void Remove<T>(Predicate<T> which)
        where T : ILeaseMessage => messages.RemoveAll(m => m is T t && which(t));

    public void Forget(Lease lease) => messages.RemoveAll(m => m.Lease == lease);
}
