using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

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

    private static void Judge(byte[] bytes)
    {
        var result = SweepFile.Parse("any.yaml", bytes);

        if (result.Spec is null)
            result.Diagnostics.ShouldNotBeEmpty();
        result.Diagnostics.ShouldAllBe(d => d.Line >= 1 && d.Column >= 1 && d.Message.Length > 0);
    }
}
