using System.Text;
using GenCluster.Worker.Programs;

namespace GenCluster.Worker.Tests.Programs;

public sealed class LinesAndOutputTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("gencluster-test-").FullName;

    private string File => Path.Combine(folder, "out.txt");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1_000)]
    public void Bytes_in_any_pieces_become_the_same_lines(int piece)
    {
        var lines = new List<string>();
        var splitter = new LineSplitter(lines.Add);
        byte[] bytes = Encoding.UTF8.GetBytes("one\r\n\ntwo ü\n10%\r20%\rdone\rlast\nend");

        foreach (byte[] part in bytes.Chunk(piece))
            splitter.Write(part);
        splitter.Flush();

        lines.ShouldBe(["one", "two ü", "last", "end"]);
    }

    [Fact]
    public void A_line_that_is_too_long_is_passed_over_and_the_next_is_read()
    {
        var lines = new List<string>();
        var splitter = new LineSplitter(lines.Add);

        splitter.Write(new byte[LineSplitter.MaxLine]);
        splitter.Write(new byte[10 * LineSplitter.MaxLine]);
        splitter.Write("\nloss=1\n"u8);

        lines.ShouldBe(["loss=1"]);
    }

    [Fact]
    public void Bytes_that_are_no_text_do_no_harm()
    {
        var lines = new List<string>();
        new LineSplitter(lines.Add).Write([0xFF, 0xFE, 0x00, 0xC3, (byte)'\n']);
        lines.ShouldHaveSingleItem();
    }

    [Fact]
    public void Little_output_is_kept_whole()
    {
        using (var capture = new OutputCapture(File, head: 100))
        {
            capture.Write("hello\n"u8);
            capture.Write("world\n"u8);
        }

        System.IO.File.ReadAllText(File).ShouldBe("hello\nworld\n");
    }

    [Fact]
    public void Of_much_output_the_beginning_and_the_end_are_kept_and_how_much_is_missing_is_said()
    {
        byte[] block = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 1_000).Select(i => $"line {i:D4}\n"))); // 10,000 bytes
        using (var capture = new OutputCapture(File, head: 100))
        {
            for (int i = 0; i < 100; i++)
                capture.Write(block);
            capture.Write("the end\n"u8);
        }

        string text = System.IO.File.ReadAllText(File);
        text.ShouldStartWith("line 0000\nline 0001\n");
        text.ShouldEndWith("line 0999\nthe end\n");
        long missing = (1_000_000 + 8) - 100 - OutputCapture.Tail;
        text.ShouldContain($"\n[gencluster: {missing} bytes left out here]\n");
        text.Length.ShouldBe(100 + OutputCapture.Tail + $"\n[gencluster: {missing} bytes left out here]\n".Length);
    }

    [Fact]
    public void Output_that_outgrows_its_beginning_by_little_has_nothing_left_out()
    {
        using (var capture = new OutputCapture(File, head: 4))
            capture.Write("0123456789"u8);

        System.IO.File.ReadAllText(File).ShouldBe("0123456789");
    }

    [Fact]
    public void The_last_lines_are_one_line_without_what_a_terminal_would_obey()
    {
        using var capture = new OutputCapture(File);
        capture.Write("first\nTraceback:\n  \u001b[31mValueError\u001b[0m: no\r\n 10%\r 20%\n\n"u8);

        capture.LastLines(3, 1_000).ShouldBe("Traceback: | ValueError: no | 20%");
        capture.LastLines(3, 5).ShouldBe("... | 20%");
    }
}
