using System.Buffers.Binary;
using GenCluster.Collectives.Frames;
using Tensorboard;

namespace GenCluster.Training.Tests.Artifacts;

/// <summary>Reads TensorBoard events with the classes that Google's compiler makes of TensorBoard's own definitions.</summary>
internal static class EventFile
{
    public static List<string> Read(string path)
    {
        var events = new List<string>();
        for (ReadOnlySpan<byte> rest = File.ReadAllBytes(path); !rest.IsEmpty;)
        {
            int length = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(rest));
            RequireChecksum(rest[..8], rest[8..]);
            RequireChecksum(rest.Slice(12, length), rest[(12 + length)..]);
            events.Add(Describe(Event.Parser.ParseFrom(rest.Slice(12, length).ToArray())));
            rest = rest[(16 + length)..];
        }

        return events;
    }

    private static void RequireChecksum(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> checksum)
    {
        uint unmasked = BinaryPrimitives.ReadUInt32LittleEndian(checksum) - 0xa282ead8;
        (unmasked >> 17 | unmasked << 15).ShouldBe(Crc32C.Of(bytes));
    }

    private static string Describe(Event x)
    {
        string content = x.WhatCase == Event.WhatOneofCase.FileVersion ? x.FileVersion : string.Join(' ', x.Summary.Value.Select(Describe));
        return $"{x.WallTime} {x.Step} {content}";
    }

    private static string Describe(Summary.Types.Value x) => x.ValueCase == Summary.Types.Value.ValueOneofCase.SimpleValue
        ? $"{x.Tag}={x.SimpleValue}"
        : $"{x.Tag}({x.Image.Height}x{x.Image.Width}x{x.Image.Colorspace}, {(x.Image.EncodedImageString.Span[1..].StartsWith("PNG"u8) ? "png" : "other")})";
}
