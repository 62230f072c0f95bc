using GenCluster.Core.Identity;
using MessagePack;

namespace GenCluster.Actors.Protocol;

/// <summary>A request about the blobs of a trial; the coordinator passes it on. Each is answered once, and may be said again.</summary>
public interface IShelfRequest : IWire
{
    TrialId Trial { get; }
}

/// <summary>What workers ask of the shelf that keeps a trial's blobs in the coordinator's database.</summary>
public static class ToShelf
{
    /// <summary>Put this piece of a blob; the first one begins it, the others follow in order. Answered when it is written.</summary>
    /// <param name="Length">Of the whole blob, in bytes.</param>
    /// <param name="Index">From 0; all pieces but the last have the same length.</param>
    [MessagePackObject]
    public sealed record PutPiece(
        [property: Key(0)] TrialId Trial,
        [property: Key(1)] long Space,
        [property: Key(2)] string Sha256,
        [property: Key(3)] int Length,
        [property: Key(4)] int Index,
        [property: Key(5)] byte[] Bytes) : IShelfRequest;

    /// <summary>Send a piece of a blob that is complete.</summary>
    [MessagePackObject]
    public sealed record GetPiece(
        [property: Key(0)] TrialId Trial, [property: Key(1)] long Space, [property: Key(2)] string Sha256, [property: Key(3)] int Index) : IShelfRequest;

    /// <summary>Tell which blobs there are, also those that are not complete, in the order of space and hash.</summary>
    /// <param name="AfterSpace">The last one that is known already; below 0 for none.</param>
    [MessagePackObject]
    public sealed record List(
        [property: Key(0)] TrialId Trial, [property: Key(1)] long AfterSpace, [property: Key(2)] string AfterSha256) : IShelfRequest;

    /// <summary>Remove a blob.</summary>
    [MessagePackObject]
    public sealed record Remove(
        [property: Key(0)] TrialId Trial, [property: Key(1)] long Space, [property: Key(2)] string Sha256) : IShelfRequest;
}

/// <summary>What the shelf answers.</summary>
public static class FromShelf
{
    /// <summary>The piece is written.</summary>
    /// <param name="IsComplete">The blob is visible; nothing more has to be put.</param>
    [MessagePackObject]
    public sealed record PieceStored([property: Key(0)] int Index, [property: Key(1)] bool IsComplete) : IWire;

    /// <summary>The shelf does not remember the pieces before this one: it was started again. Put the first one anew.</summary>
    [MessagePackObject]
    public sealed record BeginAgain : IWire;

    /// <summary>A piece of a blob.</summary>
    /// <param name="Length">Of the whole blob, in bytes.</param>
    [MessagePackObject]
    public sealed record Piece([property: Key(0)] int Length, [property: Key(1)] byte[] Bytes) : IWire;

    /// <summary>There is no such blob, or it is not complete.</summary>
    [MessagePackObject]
    public sealed record Missing : IWire;

    /// <summary>Some of the blobs.</summary>
    [MessagePackObject]
    public sealed record Page([property: Key(0)] ShelfEntry[] Blobs, [property: Key(1)] bool HasMore) : IWire;

    /// <summary>The blob is gone, if there was one.</summary>
    [MessagePackObject]
    public sealed record Removed : IWire;

    /// <summary>It could not be done.</summary>
    /// <param name="MayPass">It may work later.</param>
    [MessagePackObject]
    public sealed record Refused([property: Key(0)] string Reason, [property: Key(1)] bool MayPass) : IWire;
}

/// <summary>The key of a blob, on the wire.</summary>
[MessagePackObject]
public sealed record ShelfEntry([property: Key(0)] long Space, [property: Key(1)] string Sha256);
