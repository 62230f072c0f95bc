using System.Collections.Immutable;

namespace GenCluster.Core.Checkpoints;

/// <summary>
/// What a run knows of its trial's checkpoints: those that the journal was said to hold, and those it stored itself and
/// has had no answer for. It may know too many, never too few.
/// </summary>
/// <param name="Epoch">Of the newest lease that an order or an answer was about.</param>
/// <param name="Answered">The highest committed step that an answer under it told; -1 before the first answer.</param>
public sealed record CheckpointBook(ImmutableArray<CheckpointManifest> Journalled, ImmutableArray<CheckpointManifest> Pending, long Epoch, int Answered)
{
    public static readonly CheckpointBook Empty = new([], [], 0, -1);

    public IEnumerable<CheckpointManifest> Live => Journalled.Concat(Pending);

    /// <summary>An order to lead tells what the journal held when it was given. What is known already may be newer, so both count.</summary>
    public CheckpointBook Lead(long epoch, IEnumerable<CheckpointManifest> checkpoints) => this with
    {
        Journalled = [.. Journalled.Union(checkpoints)],
        Epoch = Math.Max(epoch, Epoch),
        Answered = epoch > Epoch ? -1 : Answered,
    };

    /// <summary>Blobs are stored; the journal will hear of it, however long that takes.</summary>
    public CheckpointBook Store(CheckpointManifest manifest) => this with { Pending = Pending.Add(manifest) };

    /// <summary>
    /// The journal has taken a checkpoint of a step, and thereby decided on all up to it: whichever it did not take, it
    /// never will. That it was told of one is no decision: one that came from before the fence is passed over, and one of the
    /// same step from behind it may be on its way. An answer may be late: others may have led and committed since an older
    /// lease, and the leader itself since a lower step, so what such an answer says is void.
    /// </summary>
    public CheckpointBook Hear(long epoch, int committed, IEnumerable<CheckpointManifest> kept) => (epoch, committed).CompareTo((Epoch, Answered)) <= 0
        ? this
        : new([.. kept], Pending.RemoveAll(manifest => manifest.Step <= committed), epoch, committed);
}
