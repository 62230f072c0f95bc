using System.Buffers.Binary;
using System.Text;
using GenCluster.Core.Trials;
using GenCluster.Worker.Programs;

namespace GenCluster.Worker.Tests.Programs;

/// <summary>The binary log of W&amp;B's client, made here as its format is described.</summary>
public sealed class WandbFileTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public void The_history_is_read_whatever_the_pieces_it_comes_in(int piece)
    {
        byte[] log = Log([.. Enumerable.Range(0, 2_000).Select(i => i % 3 == 2 ? Summary() : History(("_step", $"{i}"), ("loss", "0.5"), ("note", "\"a text\"")))]);
        var steps = new List<double>();
        var file = new WandbFile();

        foreach (byte[] part in log.Chunk(piece))
            file.Write(part, values => steps.Add(values.Single(v => v.Name == "_step").Value));

        log.Length.ShouldBeGreaterThan(65_536); // several blocks
        steps.ShouldBe(Enumerable.Range(0, 2_000).Where(i => i % 3 != 2).Select(i => (double)i));
    }

    [Fact]
    public void A_record_may_be_longer_than_a_block()
    {
        var found = new List<Metric>();

        new WandbFile().Write(Log(History(("image", $"\"{new string('x', 100_000)}\""), ("loss", "0.25"))), found.AddRange);

        found.ShouldBe([new Metric("loss", 0.25)]);
    }

    [Fact]
    public void Nested_keys_have_points_and_NaN_is_a_number()
    {
        var found = new List<Metric>();
        byte[] item = [.. Field(2, "val"), .. Field(2, "loss"), .. Field(16, "NaN")];

        new WandbFile().Write(Log(Field(2, Field(1, item))), found.AddRange);

        found.ShouldBe([new Metric("val.loss", double.NaN)]);
    }

    [Fact]
    public void What_is_no_log_says_nothing()
    {
        var found = new List<Metric>();
        byte[] garbage = new byte[200_000];
        for (int i = 0; i < garbage.Length; i++)
            garbage[i] = (byte)(i * 167 >> 3);

        new WandbFile().Write(garbage, found.AddRange);

        found.ShouldBeEmpty();
    }

    private static byte[] History(params (string Key, string Json)[] items) =>
        Field(2, [.. items.SelectMany(item => Field(1, [.. Field(1, item.Key), .. Field(16, item.Json)]))]);

    private static byte[] Summary() => Field(3, Field(1, [.. Field(1, "loss"), .. Field(16, "9")]));

    private static byte[] Field(int number, string text) => Field(number, Encoding.UTF8.GetBytes(text));

    private static byte[] Field(int number, byte[] bytes) => [.. Varint((ulong)(number << 3) | 2), .. Varint((ulong)bytes.Length), .. bytes];

    private static IEnumerable<byte> Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            yield return (byte)(value | 0x80);
        yield return (byte)value;
    }

    private static byte[] Log(params byte[][] records)
    {
        List<byte> log = [.. ":W&B"u8, 0xE1, 0xBE, 0x00];
        foreach (byte[] record in records)
        {
            for (int from = 0; from < record.Length || from == 0;)
            {
                int room = 32_768 - (log.Count % 32_768);
                if (room < 7)
                {
                    log.AddRange(new byte[room]);
                    continue;
                }

                int length = Math.Min(record.Length - from, room - 7);
                bool isFirst = from == 0, isLast = from + length == record.Length;
                byte[] header = new byte[7];
                BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(4), (ushort)length);
                header[6] = (isFirst, isLast) switch { (true, true) => 1, (true, false) => 2, (false, false) => 3, _ => 4 };
                log.AddRange(header);
                log.AddRange(record.AsSpan(from, length));
                from += length;
                if (isLast)
                    break;
            }
        }

        return [.. log];
    }
}
