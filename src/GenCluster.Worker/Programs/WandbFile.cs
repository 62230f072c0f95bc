using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using GenCluster.Core.Trials;

namespace GenCluster.Worker.Programs;

/// <summary>
/// Reads the history in the file that W&amp;B's client writes when it is offline, <c>run-ID.wandb</c>, as far as it has come.
/// It is a log in LevelDB's format after a header of seven bytes: blocks of 32 KiB, in them pieces with a checksum, a length
/// and a kind. Each whole record is a protocol buffer of W&amp;B's; the history has field 2, an item of it field 1 with the key
/// in 1 (or its parts in 2) and the value as JSON in 16.
/// </summary>
internal sealed class WandbFile
{
    private const int Block = 32 * 1024, PieceHeader = 7, FileHeader = 7;
    private const int MaxRecord = 16 * 1024 * 1024;
    private const byte Full = 1, First = 2, Middle = 3, Last = 4;

    private readonly byte[] block = new byte[Block];
    private readonly ArrayBufferWriter<byte> record = new();
    private int filled;
    private int at = FileHeader;

    /// <summary>Takes the next bytes of the file.</summary>
    public void Write(ReadOnlySpan<byte> bytes, Action<IReadOnlyList<Metric>> said)
    {
        while (!bytes.IsEmpty)
        {
            int part = Math.Min(bytes.Length, Block - filled);
            bytes[..part].CopyTo(block.AsSpan(filled));
            filled += part;
            bytes = bytes[part..];
            ReadPieces(said);
            if (filled == Block)
                (filled, at) = (0, 0);
        }
    }

    private void ReadPieces(Action<IReadOnlyList<Metric>> said)
    {
        while (at + PieceHeader <= filled)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(block.AsSpan(at + 4));
            if (at + PieceHeader + length > filled)
                return; // the rest comes later; past the block's end it is no piece, and the next block begins anew
            Take(block[at + 6], block.AsSpan(at + PieceHeader, length), said);
            at += PieceHeader + length;
        }
    }

    private void Take(byte kind, ReadOnlySpan<byte> piece, Action<IReadOnlyList<Metric>> said)
    {
        if (kind is Full or First || record.WrittenCount + piece.Length > MaxRecord)
            record.ResetWrittenCount();
        record.Write(piece);
        if (kind is Full or Last && HistoryIn(record.WrittenSpan) is { Count: > 0 } history)
            said(history);
    }

    private static List<Metric> HistoryIn(ReadOnlySpan<byte> record)
    {
        var metrics = new List<Metric>();
        for (var fields = new ProtobufFields(record); fields.Next();)
        {
            if (fields.Number != 2)
                continue;
            for (var items = new ProtobufFields(fields.Bytes); items.Next();)
            {
                if (items.Number == 1 && metrics.Count < MetricsLine.MaxValues && ItemOf(items.Bytes) is { } metric)
                    metrics.Add(metric);
            }
        }

        return metrics;
    }

    private static Metric? ItemOf(ReadOnlySpan<byte> item)
    {
        string key = "", value = "";
        for (var fields = new ProtobufFields(item); fields.Next();)
        {
            if (fields.Number == 1)
                key = Encoding.UTF8.GetString(fields.Bytes);
            else if (fields.Number == 2)
                key = (key.Length > 0 ? key + "." : "") + Encoding.UTF8.GetString(fields.Bytes);
            else if (fields.Number == 16)
                value = Encoding.UTF8.GetString(fields.Bytes);
        }

        return MetricsLine.IsName(key) && MetricsLine.Number(value.Trim('"')) is { } number ? new Metric(key, number) : null;
    }
}
