using GenCluster.Core.Training;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace GenCluster.Cli.Watching;

/// <summary>
/// A picture in a terminal: each character is an upper half block, its foreground the upper pixel and its background
/// the lower one. A picture too large is averaged down, a small one is shown pixel by pixel.
/// </summary>
public sealed class HalfBlockPicture : Renderable
{
    private const string UpperHalf = "▀";

    private readonly SamplePicture picture;
    private readonly int columns, rows;

    /// <param name="maxColumns">Room in characters.</param>
    /// <param name="maxLines">Room in lines; each holds two rows of pixels.</param>
    public HalfBlockPicture(SamplePicture picture, int maxColumns, int maxLines)
    {
        this.picture = picture;
        double scale = Math.Min(1, Math.Min((double)maxColumns / picture.Width, 2.0 * maxLines / picture.Height));
        columns = Math.Max(1, (int)(picture.Width * scale));
        rows = Math.Max(1, (int)(picture.Height * scale));
    }

    /// <summary>Whether the picture is what it says it is; what comes over a wire need not be.</summary>
    public static bool CanShow(SamplePicture picture) =>
        picture is { Width: > 0, Height: > 0, Channels: 1 or 3 } && (long)picture.Width * picture.Height * picture.Channels == picture.Pixels.Length;

    protected override Measurement Measure(RenderOptions options, int maxWidth) => new(columns, columns);

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        for (int row = 0; row < rows; row += 2)
        {
            for (int column = 0; column < columns; column++)
            {
                Color? lower = row + 1 < rows ? Pixel(column, row + 1) : null;
                yield return new Segment(UpperHalf, new Style(Pixel(column, row), lower));
            }

            yield return Segment.LineBreak;
        }
    }

    private Color Pixel(int column, int row)
    {
        var (left, right) = Span(column, columns, picture.Width);
        var (top, bottom) = Span(row, rows, picture.Height);
        Span<int> sums = stackalloc int[3];
        for (int y = top; y < bottom; y++)
        {
            for (int x = left; x < right; x++)
            {
                for (int c = 0; c < 3; c++)
                    sums[c] += picture.Pixels[(y * picture.Width + x) * picture.Channels + Math.Min(c, picture.Channels - 1)];
            }
        }

        int count = (right - left) * (bottom - top);
        return new Color((byte)(sums[0] / count), (byte)(sums[1] / count), (byte)(sums[2] / count));
    }

    private static (int From, int To) Span(int index, int cells, int pixels)
    {
        int from = (int)((long)index * pixels / cells);
        return (from, Math.Max(from + 1, (int)((long)(index + 1) * pixels / cells)));
    }
}
