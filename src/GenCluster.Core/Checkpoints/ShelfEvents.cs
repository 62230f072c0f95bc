using MessagePack;

namespace GenCluster.Core.Checkpoints;

/// <summary>What is written to the database for a shelf: events of its journal, and pieces of blobs. Closed set; every case has a golden file.</summary>
public interface IShelfRecord;

/// <summary>An event of a shelf's journal.</summary>
public interface IShelfEvent : IShelfRecord;

/// <summary>A blob is being put; from now on its pieces may be in the database.</summary>
[MessagePackObject]
public sealed record BlobBegun([property: Key(0)] long Space, [property: Key(1)] string Sha256, [property: Key(2)] int Length) : IShelfEvent;

/// <summary>All pieces of a blob are written: it is visible.</summary>
[MessagePackObject]
public sealed record BlobCompleted([property: Key(0)] long Space, [property: Key(1)] string Sha256) : IShelfEvent;

/// <summary>The pieces of a blob are deleted.</summary>
[MessagePackObject]
public sealed record BlobRemoved([property: Key(0)] long Space, [property: Key(1)] string Sha256) : IShelfEvent;

/// <summary>Some of a blob's bytes, beside the journal.</summary>
[MessagePackObject]
public sealed record BlobPiece([property: Key(0)] byte[] Bytes) : IShelfRecord;
