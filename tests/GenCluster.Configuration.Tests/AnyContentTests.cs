using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using GenCluster.TestDraws;

namespace GenCluster.Configuration.Tests;

/// <summary>No content makes the reader throw, and it always either gives a sweep or says why not.</summary>
public sealed class AnyContentTests
{
    private static readonly byte[] Quickstart = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "configs", "quickstart.yaml"));

    // What YAML gives a meaning to, so that mutations reach far into the parser.
    private static readonly string[] Pieces =
    [
        "[", "]", "{", "}", ":", ": ", ",", "- ", "? ", "\n", "\n  ", "&a", "*a", "!!int ", "|", ">", "'", "\"", "\\", "#", "%", "@", "`",
        "---\n", "...\n", "<<", "null", "0", "1e9", "\t", "\0", "é",
    ];

    [Property(MaxTest = 500)]
    public void Bytes(byte[] bytes) => Judge(bytes);

    [Property(MaxTest = 500)]
    public Property Text_of_the_language() =>
        Prop.ForAll(Gen.Elements(Pieces).ArrayOf().ToArbitrary(), parts => Judge(Encoding.UTF8.GetBytes(string.Concat(parts))));

    [Property(MaxTest = 500)]
    public Property A_shipped_file_with_pieces_put_in_and_cut_out()
    {
        var edit = from place in Gen.Choose(0, Quickstart.Length)
                   from cut in Gen.Choose(0, 8)
                   from piece in Gen.Elements(Pieces)
                   select (place, cut, piece);
        return Prop.ForAll(edit.ArrayOf().Resize(5).ToArbitrary(), edits =>
        {
            byte[] bytes = Quickstart;
            foreach (var (place, cut, piece) in edits)
            {
                int from = Math.Min(place, bytes.Length), to = Math.Min(from + cut, bytes.Length);
                bytes = [.. bytes[..from], .. Encoding.UTF8.GetBytes(piece), .. bytes[to..]];
            }

            Judge(bytes);
        });
    }

    [Fact]
    public void Shipped_files_damaged_anywhere()
    {
        byte[][] files = [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "configs"), "*.yaml").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
        var random = new System.Random(20240609);
        foreach (int round in Draws.Rounds(1_000))
        {
            byte[] bytes = Damage(random, files);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Judge(bytes);
            }
            catch (Exception e)
            {
                Assert.Fail($"round {round}, {Convert.ToBase64String(bytes)}: {e}");
            }

            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(100_000_000, $"round {round}");
        }
    }

    private static byte[] Damage(System.Random random, byte[][] files)
    {
        byte[] bytes = files[random.Next(files.Length)];
        for (int edits = random.Next(1, 6); edits > 0; edits--)
        {
            int from = random.Next(bytes.Length + 1), to = Math.Min(from + random.Next(12), bytes.Length);
            byte[] other = files[random.Next(files.Length)];
            int start = random.Next(other.Length);
            byte[] piece = random.Next(3) switch
            {
                0 => Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]),
                1 => [(byte)random.Next(256)],
                _ => other[start..Math.Min(other.Length, start + random.Next(200))],
            };
            bytes = [.. bytes[..from], .. piece, .. bytes[to..]];
        }

        return bytes;
    }

    private static void Judge(byte[] bytes)
    {
        var result = SweepFile.Parse("any.yaml", bytes);

        if (result.Spec is null)
            result.Diagnostics.ShouldNotBeEmpty();
        result.Diagnostics.ShouldAllBe(d => d.Line >= 1 && d.Column >= 1 && d.Message.Length > 0);
    }
}
