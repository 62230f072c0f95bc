using System.Security.Cryptography;
using GenCluster.Actors.Protocol;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;

namespace GenCluster.Actors.Shelves;

/// <summary>Blobs of one trial in the coordinator's database, for one writer.</summary>
internal sealed class JournalCheckpointStore(JournalCheckpointStores coordinator, Lease lease, CancellationToken cancellation) : ICheckpointStore
{
    private TrialId Trial => lease.Trial;

    public BlobRef Put(string name, Action<Stream> write)
    {
        using var bytes = new CappedStream(name);
        write(bytes);
        var content = bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
        var blob = new BlobRef(name, Convert.ToHexStringLower(SHA256.HashData(content.Span)), content.Length, lease.Epoch);
        int pieces = ShelfState.PiecesOf(content.Length);
        for (int index = 0; index < pieces;)
        {
            var piece = content.Slice(index * ShelfState.PieceBytes, ShelfState.LengthOf(index, content.Length));
            switch (Ask(new ToShelf.PutPiece(Trial, blob.Space, blob.Sha256, content.Length, index, piece.ToArray())))
            {
                case FromShelf.PieceStored { IsComplete: true }:
                    return blob;
                case FromShelf.PieceStored:
                    index++;
                    break;
                case FromShelf.BeginAgain:
                    index = 0;
                    break;
                case var other:
                    throw Unexpected(other);
            }
        }

        throw new IOException($"the coordinator has all pieces of blob '{name}' and does not call it complete");
    }

    public byte[] Get(BlobRef blob)
    {
        if (!BlobKey.IsHash(blob.Sha256) || blob.Space < 0)
            throw new CorruptBlobException(blob, "not named by a SHA-256");
        if (blob.Length is < 0 or > ShelfState.MaxBlobBytes)
            throw new CorruptBlobException(blob, $"missing from the coordinator's database, which holds none of {blob.Length} bytes", isMissing: true);

        byte[] bytes = new byte[blob.Length];
        for (int index = 0; index < ShelfState.PiecesOf(bytes.Length); index++)
        {
            switch (Ask(new ToShelf.GetPiece(Trial, blob.Space, blob.Sha256, index)))
            {
                case FromShelf.Piece piece when piece.Length == bytes.Length && piece.Bytes.Length == ShelfState.LengthOf(index, bytes.Length):
                    piece.Bytes.CopyTo(bytes, index * ShelfState.PieceBytes);
                    break;
                case FromShelf.Piece piece:
                    throw new CorruptBlobException(blob, $"{(piece.Length < bytes.Length ? "truncated" : "too long")} ({piece.Length} bytes, not {bytes.Length}) in the coordinator's database");
                case FromShelf.Missing:
                    throw new CorruptBlobException(blob, "missing from the coordinator's database", isMissing: true);
                case var other:
                    throw Unexpected(other);
            }
        }

        return Convert.ToHexStringLower(SHA256.HashData(bytes)) == blob.Sha256
            ? bytes
            : throw new CorruptBlobException(blob, "damaged in the coordinator's database (its content has another hash)");
    }

    public int Sweep(Predicate<BlobKey> isGarbage)
    {
        int removed = 0;
        foreach (var key in List().Where(key => isGarbage(key)).ToList())
        {
            _ = Ask(new ToShelf.Remove(Trial, key.Space, key.Sha256));
            removed++;
        }

        return removed;
    }

    private List<BlobKey> List()
    {
        var keys = new List<BlobKey>();
        while (true)
        {
            var last = keys.Count == 0 ? new BlobKey(-1, "") : keys[^1];
            if (Ask(new ToShelf.List(Trial, last.Space, last.Sha256)) is not FromShelf.Page page)
                throw new IOException("the coordinator answers another question");
            keys.AddRange(page.Blobs.Select(entry => new BlobKey(entry.Space, entry.Sha256)));
            if (!page.HasMore)
                return keys;
        }
    }

    private object Ask(IShelfRequest request) => coordinator.Ask(request, cancellation);

    private static IOException Unexpected(object answer) => new($"the coordinator answered with {answer.GetType().Name}, which is no answer here");

    /// <summary>Memory that takes as much as a blob may have, and says what to use for more.</summary>
    private sealed class CappedStream(string name) : MemoryStream
    {
        // Spans come this way, too: a class derived from MemoryStream gets them as arrays.
        public override void Write(byte[] buffer, int offset, int count)
        {
            CheckRoom(count);
            base.Write(buffer, offset, count);
        }

        public override void WriteByte(byte value)
        {
            CheckRoom(1);
            base.WriteByte(value);
        }

        private void CheckRoom(int more)
        {
            if (Position + more > ShelfState.MaxBlobBytes)
            {
                throw new IOException(
                    $"blob '{name}' is larger than {ShelfState.MaxBlobBytes / (1024 * 1024)} MiB, the most that the coordinator's database takes; "
                    + $"give the workers another place with --checkpoints: {CheckpointAddress.Forms}");
            }
        }
    }
}
