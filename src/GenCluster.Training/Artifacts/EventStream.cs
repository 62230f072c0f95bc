using System.Buffers.Binary;
using GenCluster.Core.Trials;

namespace GenCluster.Training.Artifacts;

/// <summary>
/// Writes TensorBoard events: TFRecord frames, each with a protobuf <c>Event</c> (tensorflow/core/util/event.proto,
/// tensorflow/core/framework/summary.proto).
/// </summary>
internal sealed class EventStream(Stream stream, TimeProvider clock)
{
    /// <summary>The first event of every file.</summary>
    public void Begin() => Write(NewEvent(step: 0).String(Field.FileVersion, "brain.Event:2"));

    public void Scalars(int step, IReadOnlyList<Metric> metrics)
    {
        var summary = new ProtobufWriter();
        foreach (var (name, value) in metrics)
            summary.Message(Field.SummaryValue, new ProtobufWriter().String(Field.Tag, name).Float(Field.SimpleValue, (float)value));
        Write(NewEvent(step).Message(Field.Summary, summary));
    }

    public void Image(int step, string tag, ReadOnlySpan<byte> png)
    {
        if (PngHeader.Read(png) is not { } header)
            return; // somebody else's file in the folder
        var image = new ProtobufWriter()
            .Int64(Field.Height, header.Height).Int64(Field.Width, header.Width).Int64(Field.ColorSpace, header.Channels).Bytes(Field.Encoded, png);
        Write(NewEvent(step).Message(Field.Summary, new ProtobufWriter()
            .Message(Field.SummaryValue, new ProtobufWriter().String(Field.Tag, tag).Message(Field.Image, image))));
    }

    private ProtobufWriter NewEvent(int step) =>
        new ProtobufWriter().Double(Field.WallTime, clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0).Int64(Field.Step, step);

    // In one piece, so that a frame is there whole or not at all when the process dies.
    private void Write(ProtobufWriter record)
    {
        var frame = new byte[sizeof(ulong) + sizeof(uint) + record.Written.Length + sizeof(uint)];
        BinaryPrimitives.WriteUInt64LittleEndian(frame, (ulong)record.Written.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(8), RecordChecksum.Of(frame.AsSpan(0, 8)));
        record.Written.CopyTo(frame.AsSpan(12));
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(12 + record.Written.Length), RecordChecksum.Of(record.Written));
        stream.Write(frame);
    }

    private static class Field
    {
        // Event
        public const int WallTime = 1, Step = 2, FileVersion = 3, Summary = 5;

        // Summary, Summary.Value
        public const int SummaryValue = 1, Tag = 1, SimpleValue = 2, Image = 4;

        // Summary.Image; the colour space is the number of channels
        public const int Height = 1, Width = 2, ColorSpace = 3, Encoded = 4;
    }
}
