using System.Collections.Immutable;
using GenCluster.Core.Decisions;

namespace GenCluster.Core.Checkpoints;

/// <summary>The blobs of one trial in the coordinator's database: the fold of a shelf's events.</summary>
public sealed record ShelfState(ImmutableDictionary<BlobKey, ShelvedBlob> Blobs)
{
    /// <summary>In one piece of a blob; a message with it stays well below what the control plane carries.</summary>
    public const int PieceBytes = 32 * 1024;

    /// <summary>A database is no place for more.</summary>
    public const int MaxBlobBytes = 8 * 1024 * 1024;

    public static readonly ShelfState Empty = new(ImmutableDictionary<BlobKey, ShelvedBlob>.Empty);

    /// <summary>How many pieces a blob of this length has; an empty one has an empty piece.</summary>
    public static int PiecesOf(int length) => Math.Max(1, (length + PieceBytes - 1) / PieceBytes);

    /// <summary>How long a piece is.</summary>
    public static int LengthOf(int piece, int length) => Math.Min(PieceBytes, length - (piece * PieceBytes));

    public ShelvedBlob? Find(BlobKey key) => Blobs.GetValueOrDefault(key);

    /// <summary>In the order of their keys, beginning after one; not complete ones, too.</summary>
    public IEnumerable<BlobKey> After(BlobKey key) => Blobs.Keys
        .Where(other => Compare(other, key) > 0)
        .Order(Comparer<BlobKey>.Create(Compare));

    private static int Compare(BlobKey a, BlobKey b) => a.Space != b.Space ? a.Space.CompareTo(b.Space) : string.CompareOrdinal(a.Sha256, b.Sha256);
}

/// <summary>A blob on a shelf; it is visible when it is complete.</summary>
public sealed record ShelvedBlob(int Length, bool IsComplete);

/// <summary>A command to a shelf.</summary>
public interface IShelfCommand;

public sealed record BeginBlob(BlobKey Key, int Length) : IShelfCommand;

/// <summary>All pieces are written.</summary>
public sealed record CompleteBlob(BlobKey Key) : IShelfCommand;

/// <summary>All pieces are deleted.</summary>
public sealed record RemoveBlob(BlobKey Key) : IShelfCommand;

/// <summary>The rules of a shelf.</summary>
public static class ShelfDecider
{
    public static Decision<IShelfEvent> Decide(ShelfState state, IShelfCommand command) => (command, state.Find(KeyOf(command))) switch
    {
        (BeginBlob c, null) => Accept(new BlobBegun(c.Key.Space, c.Key.Sha256, c.Length)),
        (BeginBlob c, { } blob) => blob.Length == c.Length
            ? Decision<IShelfEvent>.Accept()
            : Decision<IShelfEvent>.Refuse(RefusalCode.Conflict, $"blob {c.Key.Sha256} has {blob.Length} bytes, not {c.Length}"),
        (CompleteBlob c, null) => Decision<IShelfEvent>.Refuse(RefusalCode.Unknown, $"blob {c.Key.Sha256} was removed while it was put"),
        (CompleteBlob c, { IsComplete: false }) => Accept(new BlobCompleted(c.Key.Space, c.Key.Sha256)),
        (RemoveBlob c, { }) => Accept(new BlobRemoved(c.Key.Space, c.Key.Sha256)),
        (CompleteBlob or RemoveBlob, _) => Decision<IShelfEvent>.Accept(),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "a command without a rule"),
    };

    public static ShelfState Apply(ShelfState state, IShelfEvent @event) => @event switch
    {
        BlobBegun e => new(state.Blobs.SetItem(new BlobKey(e.Space, e.Sha256), new ShelvedBlob(e.Length, IsComplete: false))),
        BlobCompleted e => new(state.Blobs.SetItem(new BlobKey(e.Space, e.Sha256), state.Blobs[new BlobKey(e.Space, e.Sha256)] with { IsComplete = true })),
        BlobRemoved e => new(state.Blobs.Remove(new BlobKey(e.Space, e.Sha256))),
        _ => throw new ArgumentOutOfRangeException(nameof(@event), @event, "an event without a rule"),
    };

    private static BlobKey KeyOf(IShelfCommand command) => command switch
    {
        BeginBlob c => c.Key,
        CompleteBlob c => c.Key,
        RemoveBlob c => c.Key,
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "a command without a rule"),
    };

    private static Decision<IShelfEvent> Accept(IShelfEvent @event) => Decision<IShelfEvent>.Accept(@event);
}
