using GenCluster.Cli.Tests.Support;
using GenCluster.Cli.Watching;
using GenCluster.Core.Training;

namespace GenCluster.Cli.Tests.Watching;

public sealed class HalfBlockPictureTests
{
    [Fact]
    public void Two_rows_of_pixels_are_one_line()
    {
        var picture = new SamplePicture(2, 2, 3, [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255]);

        TestTerminal.Draw(new HalfBlockPicture(picture, 80, 40), 80, colors: true)
            .ShouldBe("ESC[38;2;255;0;0;48;2;0;0;255m▀ESC[0mESC[38;2;0;255;0;48;2;255;255;255m▀ESC[0m\n");
    }

    [Fact]
    public void An_odd_last_row_has_no_lower_half()
    {
        var picture = new SamplePicture(1, 3, 1, [10, 20, 30]);

        TestTerminal.Draw(new HalfBlockPicture(picture, 80, 40), 80, colors: true)
            .ShouldBe("ESC[38;2;10;10;10;48;2;20;20;20m▀ESC[0m\nESC[38;2;30;30;30m▀ESC[0m\n");
    }

    [Fact]
    public void A_large_picture_is_averaged_down_to_the_room_there_is()
    {
        var picture = new SamplePicture(4, 4, 1, [0, 100, 0, 0, 100, 200, 0, 0, 40, 40, 8, 8, 40, 40, 8, 8]);

        TestTerminal.Draw(new HalfBlockPicture(picture, 2, 40), 80, colors: true)
            .ShouldBe("ESC[38;2;100;100;100;48;2;40;40;40m▀ESC[0mESC[38;2;0;0;0;48;2;8;8;8m▀ESC[0m\n");
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(256, 192, 1)]
    [InlineData(7, 301, 3)]
    public void Never_takes_more_than_the_room_there_is(int width, int height, int channels)
    {
        string[] lines = TestTerminal.Draw(new HalfBlockPicture(Sweeps.Gradient(Math.Max(2, width), height, channels), 50, 9), 80).TrimEnd('\n').Split('\n');

        lines.Length.ShouldBeLessThanOrEqualTo(9);
        lines.ShouldAllBe(l => l.Length <= 50);
    }

    [Theory]
    [InlineData(0, 1, 1, 0, false)]
    [InlineData(2, 2, 1, 4, true)]
    [InlineData(2, 2, 3, 12, true)]
    [InlineData(2, 2, 2, 8, false)]
    [InlineData(2, 2, 1, 3, false)]
    [InlineData(int.MaxValue, int.MaxValue, 1, 4, false)]
    public void Knows_what_it_can_show(int width, int height, int channels, int bytes, bool can)
    {
        HalfBlockPicture.CanShow(new SamplePicture(width, height, channels, new byte[bytes])).ShouldBe(can);
    }
}
