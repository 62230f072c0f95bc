using System.Collections.Immutable;

namespace GenCluster.Core.Checkpoints;

/// <summary>
/// What a run knows of its trial's checkpoints: those that the journal was said to hold, and those it stored itself and
/// has had no answer for. It may know too many, never too few.
/// </summary>
/// <param name="Epoch">Of the newest lease that an order or an answer was about.</param>
/// <param name="Answered">The highest step that was answered for under it; -1 before the first answer.</param>
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
    /// The journal has decided on the checkpoint of a step, and thereby on all before it: whichever it did not take, it
    /// never will. An answer may be late: others may have led and committed since an older lease, and the leader itself
    /// since a lower step, so what such an answer says is void.
    /// </summary>
    public CheckpointBook Hear(long epoch, int step, IEnumerable<CheckpointManifest> kept) => (epoch, step).CompareTo((Epoch, Answered)) <= 0
        ? this
        : new([.. kept], Pending.RemoveAll(manifest => manifest.Step <= step), epoch, step);
}
