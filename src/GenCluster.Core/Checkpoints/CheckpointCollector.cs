using System.Collections.Frozen;
using GenCluster.Core.Trials;

namespace GenCluster.Core.Checkpoints;

/// <summary>
/// Clears away blobs that no checkpoint names. It asks the journal, in the form of a <see cref="CollectorView"/>, and
/// never the clock; how old the view is, or whether the collector died half-way through the last time, does not matter.
/// </summary>
/// <remarks>
/// <para>
/// The danger of every such collector is a name that is dead when it looks and alive when it deletes. Here no name comes
/// to life twice. Who leads a trial under epoch e puts into space e and nowhere else, and there is one leader to an epoch,
/// one thread. So:
/// </para>
/// <list type="number">
/// <item>A manifest is committed only while the lease is in force and its blobs lie at or above the <em>fence</em>: the
/// epoch since which the present leader leads without a break (<see cref="TrialState.Fence"/>). The fence only rises.</item>
/// <item>Therefore, below the fence of any view, old or new, no manifest is ever committed any more: the live blobs there
/// are those of the view, or fewer. A collector that deletes below the fence what its view does not name deletes no live
/// blob, whenever it gets round to it.</item>
/// <item>From the fence on, only the leader itself collects, in the thread that puts. It adds what it stored and the
/// journal has not answered for, and takes no late answer for a new one (<see cref="CheckpointBook"/>). A manifest is
/// committed by nobody but it, so nothing comes to life there that it does not know of; and when it has been replaced
/// without knowing, its successors commit in spaces above its own, which it never touches.</item>
/// <item>A checkpoint that others need (a rung, a parent) is pinned by an event, and only one that is live can be
/// pinned: so it is live in every view from before the pin to its release, and no view between can condemn it.</item>
/// </list>
/// <para>A blob that is dead in the journal lies below the fence of some later view: the next leader's, or, once the trial has
/// ended, that of whoever collects by the journal.</para>
/// </remarks>
public static class CheckpointCollector
{
    /// <summary>Removes what the view calls garbage.</summary>
    /// <returns>How many blobs were removed.</returns>
    /// <exception cref="IOException">The store failed; do it again some time.</exception>
    public static int Collect(ICheckpointStore store, CollectorView view) => store.Sweep(view.IsGarbage);
}

/// <summary>What a collector knows of a trial's checkpoints.</summary>
public sealed class CollectorView
{
    private readonly long end;
    private readonly FrozenSet<BlobKey> live;

    private CollectorView(long end, IEnumerable<CheckpointManifest> live)
    {
        this.end = end;
        this.live = live.SelectMany(manifest => manifest.Blobs).Select(blob => blob.Key).ToFrozenSet();
    }

    /// <summary>For anybody who has read the journal, at any time: beside a running trial, or after its end.</summary>
    public static CollectorView OfJournal(TrialState state) =>
        new(state.Phase is TrialPhase.Running ? state.Fence : state.Epoch + 1, state.Live);

    /// <summary>For the leader under an epoch, in the thread that puts.</summary>
    public static CollectorView OfLeader(long epoch, CheckpointBook book) => new(epoch + 1, book.Live);

    /// <summary>Whether nobody needs it, nor ever will.</summary>
    public bool IsGarbage(BlobKey blob) => blob.Space < end && !live.Contains(blob);
}
